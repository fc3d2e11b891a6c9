// SPDX-License-Identifier: Apache-2.0
//
// The order tells the agent where the code of the newer release is. Of a tarball that is still
// packed, the modules that the script loads are sent along; all others are those of the old
// release, or lie in libraries that the two share.

#include "live/code_trial.hpp"

#include <algorithm>

#include "live/keyed_values.hpp"
#include "node/agent_module.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

using appup::Direction;
using release::ReleaseTree;
using release::TreeApplication;

constexpr std::size_t most_bytes_sent = 32U << 20U;

struct TooMuchToSend {};

Direction direction_of(const Term& term) {
  return term.is_atom("down") ? Direction::down : Direction::up;
}

Term pair(std::string_view name, Term value) {
  return Term::tuple({Term::atom(name), std::move(value)});
}

class Order {
 public:
  Order(std::string root, const TrialPlan& plan)
      : root_(std::move(root)),
        plan_(plan),
        is_up_(plan.script.direction == Direction::up),
        newer_(is_up_ ? plan.new_release : plan.old_release),
        is_newer_packed_(is_up_ && plan.new_files == NewFiles::packed) {}

  Term term() const {
    // The boot script only tells what kernel and stdlib need, so that of the old release does.
    const ReleaseTree& booted = is_newer_packed_ ? plan_.old_release : newer_;
    return Term::list({pair("root", Term::string(root_)),
                       pair("erts", Term::string(newer_.release.rel.erts_version)),
                       pair("boot", absolute(booted.own_path("start.boot"))),
                       pair("paths", paths()), pair("program", program()), pair("beams", beams()),
                       pair("settings", plan_.settings), pair("changes", changes())});
  }

 private:
  Term absolute(const std::string& path) const { return Term::string(join_path(root_, path)); }

  Term paths() const {
    Term::Elements found;
    const ReleaseTree& protocols = is_newer_packed_ ? plan_.old_release : newer_;
    found.push_back(absolute(protocols.own_path("consolidated")));
    for (const TreeApplication& application : newer_.applications)
      found.push_back(path_of(application));
    return Term::list(std::move(found));
  }

  Term path_of(const TreeApplication& application) const {
    if (application.is_of_system) return pair("system", Term::atom(application.name.name()));
    const TreeApplication* old = plan_.old_release.find(application.name);
    const bool is_there =
        !is_newer_packed_ || old == nullptr || old->version == application.version;
    return absolute((is_there ? application : *old).directory + "/ebin");
  }

  // What runs in the second emulator, the one that is called first.
  static Term program() {
    Term::Elements modules;
    for (const char* name : {"relup_agent_copies", "relup_agent_shape"}) {
      for (const node::AgentModule& module : node::agent_modules()) {
        if (module.name.starts_with(name))
          modules.push_back(
              Term::tuple({Term::atom(module.name), Term::binary(std::string(module.beam))}));
      }
    }
    return Term::list(std::move(modules));
  }

  Term beams() const {
    Term::Elements sent;
    if (!is_newer_packed_) return Term::list(std::move(sent));
    std::size_t size = 0;
    for (const host::FetchedModule& fetched : plan_.script.fetched) {
      const TreeApplication* application = newer_.find(fetched.application);
      if (application == nullptr) continue;
      std::optional<std::string> bytes = newer_.reference.files->read_if_exists(
          ReleaseTree::beam_path(*application, fetched.module));
      if (!bytes) continue;  // an objection of its own
      size += bytes->size();
      if (size > most_bytes_sent) throw TooMuchToSend();
      sent.push_back(
          Term::tuple({Term::atom(fetched.module.name()), Term::binary(*std::move(bytes))}));
    }
    return Term::list(std::move(sent));
  }

  // In the order of the script; a module once.
  Term changes() const {
    Term::Elements changes;
    std::vector<Atom> seen;
    for (const host::StateChange& change : plan_.script.state_changes) {
      if (change.direction != plan_.script.direction) continue;
      if (std::find(seen.begin(), seen.end(), change.module) != seen.end()) continue;
      seen.push_back(change.module);
      changes.push_back(Term::tuple(
          {Term::atom(change.module.name()), older_code(change.module), steps(change)}));
    }
    return Term::list(std::move(changes));
  }

  static Term step(const host::StateChange& change) {
    return Term::tuple(
        {Term::atom(change.direction == Direction::up ? "up" : "down"), change.extra});
  }

  Term steps(const host::StateChange& there) const {
    Term::Elements steps{step(there)};
    for (const host::StateChange& back : plan_.way_back) {
      if (back.module != there.module || back.direction == there.direction) continue;
      steps.push_back(step(back));
      break;
    }
    return Term::list(std::move(steps));
  }

  // Its version is what code_change is told.
  Term older_code(Atom module) const {
    if (is_up_) return Term::atom("running");
    const TreeApplication* application = plan_.new_release.owner_of(module);
    if (application == nullptr) return Term::atom("running");
    const std::string path = ReleaseTree::beam_path(*application, module);
    if (plan_.new_files == NewFiles::unpacked) return absolute(path);
    return Term::binary(plan_.new_release.reference.files->read(path));
  }

  std::string root_;  // as the node names it
  const TrialPlan& plan_;
  bool is_up_;
  const ReleaseTree& newer_;
  bool is_newer_packed_;
};

// What a behaviour calls in a change of code.
std::string function_of(const Term& kind) {
  if (kind.is_atom("supervisor")) return "init/1";
  return kind.is_atom("statem") || kind.is_atom("fsm") ? "code_change/4" : "code_change/3";
}

// What is answered of one module.
class Reading {
 public:
  // {Module, Kind, Processes, Large, Busy, Tries}
  Reading(const Term::Elements& parts, Direction direction, CodeTrial& trial)
      : parts_(parts),
        module_(*parts.at(0).as_atom()),
        function_(function_of(parts.at(1))),
        direction_(direction),
        trial_(trial) {}

  void read() {
    const Term::Elements& tries = *parts_.at(5).as_list();
    if (tries.empty()) return add_untried(number_of(parts_.at(3)), number_of(parts_.at(4)));
    for (const Term& steps : tries)
      add_steps(*steps.as_list());
    if (slowest_ > 0) trial_.pauses.push_back({module_, number_of(parts_.at(2)), slowest_});
  }

 private:
  void add_untried(std::int64_t large, std::int64_t busy) {
    if (large + busy == 0) return;
    add_undecided(direction_, large > busy ? "its processes hold too much to be copied"
                                           : "none of its processes was idle");
  }

  void add_steps(const Term::Elements& steps) {
    for (const Term& step : steps)
      add_outcome(direction_of(step.as_tuple()->at(0)), *step.as_tuple()->at(1).as_tuple());
  }

  void add_outcome(Direction direction, const Term::Elements& outcome) {
    const std::string what = outcome.at(0).as_atom()->name();
    if (what == "ok") {
      if (direction == direction_) slowest_ = std::max(slowest_, number_of(outcome.at(1)));
    } else if (what == "undecided") {
      add_undecided(direction, text_of(outcome.at(1)));
    } else if (what == "crash") {
      add_failed({module_, function_, direction, FailedWith::crash, text_of(outcome.at(1)),
                  text_of(outcome.at(2)), text_of(outcome.at(3))});
    } else {
      const FailedWith how = what == "bad_value" ? FailedWith::bad_value : FailedWith::timeout;
      add_failed(
          {module_, function_, direction, how, text_of(outcome.at(1)), "", text_of(outcome.at(2))});
    }
  }

  // The same thing is told once.
  void add_failed(FailedTry failed) {
    auto& list = failed.direction == direction_ ? trial_.failed : trial_.failed_back;
    const bool is_known = std::any_of(list.begin(), list.end(), [&](const FailedTry& each) {
      return each.module == failed.module && each.failed_with == failed.failed_with &&
             each.reason == failed.reason && each.place == failed.place;
    });
    if (!is_known) list.push_back(std::move(failed));
  }

  void add_undecided(Direction direction, const std::string& reason) {
    auto& list = trial_.undecided;
    const bool is_known = std::any_of(list.begin(), list.end(), [&](const UndecidedTry& each) {
      return each.module == module_ && each.direction == direction && each.reason == reason;
    });
    if (!is_known) list.push_back({module_, function_, direction, reason});
  }

  const Term::Elements& parts_;
  Atom module_;
  std::string function_;
  Direction direction_;
  CodeTrial& trial_;
  std::int64_t slowest_ = 0;
};

std::string fault_of(const Term& reason) {
  const Term::Elements* parts = reason.as_tuple();
  if (reason.is_tagged("no_emulator", 2))
    return "there is no emulator " + text_of((*parts)[1]) + " on the host yet";
  if (reason.is_tagged("no_boot_script", 2)) return text_of((*parts)[1]) + " cannot be read";
  if (reason.is_atom("too_long")) return "it was not done after a minute";
  if (reason.is_tagged("emulator", 2) || reason.is_tagged("exit_status", 2))
    return "the second emulator has ended by itself";
  return "a second emulator cannot be used here";
}

Term wait_for(AgentVerbs& agent, const Term& begun, const std::function<void()>& meanwhile) {
  for (;;) {
    const Term answer = agent.trial(begun);
    if (answer.is_tagged("done", 2)) return answer.as_tuple()->at(1);
    meanwhile();
  }
}

bool is_to_be_tried(const host::ScriptSummary& script) {
  return std::any_of(
      script.state_changes.begin(), script.state_changes.end(),
      [&](const host::StateChange& change) { return change.direction == script.direction; });
}

}  // namespace

CodeTrial try_code_changes(AgentVerbs& agent, const TrialPlan& plan,
                           const std::function<void()>& meanwhile) {
  CodeTrial trial;
  if (!is_to_be_tried(plan.script)) return trial;
  try {
    const Term outcome = wait_for(
        agent, agent.begin_trial(Order(agent.on_node(agent.host().root), plan).term()), meanwhile);
    if (outcome.is_tagged("error", 2)) {
      trial.fault = fault_of(outcome.as_tuple()->at(1));
      return trial;
    }
    for (const Term& module : *outcome.as_tuple()->at(1).as_list())
      Reading(*module.as_tuple(), plan.script.direction, trial).read();
  } catch (const TooMuchToSend&) {
    trial.fault = "the tarball is still packed, and its changed modules are too large to send";
  }
  return trial;
}

}  // namespace relup::live
