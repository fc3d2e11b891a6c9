// SPDX-License-Identifier: Apache-2.0
//
// An application comes when it runs by itself in the release that the script leads to and did not
// before: it is new, its start type says so now, or nobody includes it any more. It goes when it is
// the other way round. What it needs are the applications that its .app file names, and the modules
// that its own must not meet in another version (plan/load_order.hpp). So
//
//   a start stands after every step about what the application needs, about itself, and about those
//   that included it;
//   a stop stands before every step about what the application needs, about those that will include
//   it, and about those that take over its modules or registered names. Where an application that
//   used it changes too, that one is served first, and only the needs of modules count.
//
// Starts are placed in the order in which the release starts its applications, stops backwards.

#include "generate/application_order.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace relup::generate {
namespace {

using appup::Apply;
using appup::Instruction;
using release::Application;
using release::ResolvedRelease;

constexpr const char* rule = "application-order";

bool is_started(const Atom& start_type) {
  return !(start_type == "load" || start_type == "none");
}

// The applications that include `name`.
std::set<Atom> includers(const ResolvedRelease& release, Atom name) {
  std::set<Atom> found;
  for (const Application& application : release.applications) {
    const auto& included = application.includes;
    if (std::find(included.begin(), included.end(), name) != included.end())
      found.insert(application.name());
  }
  return found;
}

bool runs(const ResolvedRelease& release, Atom name) {
  const Application* application = release.find(name);
  return application != nullptr && is_started(application->start_type) &&
         includers(release, name).empty();
}

// What an application needs, directly or not, by the .app files.
std::set<Atom> needs(const ResolvedRelease& release, Atom name) {
  std::set<Atom> found;
  std::vector<Atom> open = {name};
  while (!open.empty()) {
    const Application* application = release.find(open.back());
    open.pop_back();
    if (application == nullptr) continue;
    for (const auto* names : {&application->uses, &application->includes}) {
      for (const Atom each : *names)
        if (found.insert(each).second) open.push_back(each);
    }
  }
  return found;
}

bool have_common(const std::vector<Atom>& some, const std::vector<Atom>& others) {
  return std::any_of(some.begin(), some.end(), [&others](Atom each) {
    return std::find(others.begin(), others.end(), each) != others.end();
  });
}

// The application of `application:FUNCTION(Name, ...)`; none for another step.
std::optional<Atom> called_application(const Instruction& step, std::string_view function) {
  const auto* apply = std::get_if<Apply>(&step.action);
  if (apply == nullptr || !(apply->module == "application") || !(apply->function == function))
    return std::nullopt;
  const Term::Elements* arguments = apply->arguments.as_list();
  if (arguments == nullptr || arguments->empty() || arguments->front().as_atom() == nullptr)
    return std::nullopt;
  return *arguments->front().as_atom();
}

// The modules whose code or processes a step changes.
std::vector<Atom> modules_of(const appup::Action& action) {
  if (const Atom* module = appup::module_of(action)) return {*module};
  if (const auto* stop = std::get_if<appup::Stop>(&action)) return stop->modules;
  if (const auto* start = std::get_if<appup::Start>(&action)) return start->modules;
  if (const auto* resume = std::get_if<appup::Resume>(&action)) return resume->modules;
  std::vector<Atom> modules;
  if (const auto* suspend = std::get_if<appup::Suspend>(&action)) {
    for (const auto& target : suspend->targets)
      modules.push_back(target.module);
  } else if (const auto* change = std::get_if<appup::CodeChange>(&action)) {
    for (const auto& each : change->modules)
      modules.push_back(each.first);
  }
  return modules;
}

Instruction call_application(std::string_view function, Term::Elements arguments) {
  return {
      Apply{Atom("application"), Atom(function), Term::list(std::move(arguments))}, nullptr, {}};
}

class Orderer {
 public:
  Orderer(const Way& way, const std::vector<plan::Dependency>& dependencies, Script& script)
      : way_(way), dependencies_(dependencies), script_(script) {
    for (const ResolvedRelease* release : {&way.from, &way.to}) {
      for (const Application& application : release->applications) {
        for (const Atom module : application.file.modules)
          owners_.emplace(module, application.name());
      }
    }
  }

  Diagnostics run() {
    load_included();
    const std::vector<Application>& before = way_.from.applications;
    for (auto one = before.rbegin(); one != before.rend(); ++one)
      if (!runs(way_.to, one->name()) && runs(way_.from, one->name())) place_stop(*one);
    for (const Application& one : way_.to.applications) {
      if (runs(way_.to, one.name()) && !runs(way_.from, one.name())) place_start(one);
      tell_other_start_type(one);
    }
    return std::move(notes_);
  }

 private:
  enum class Side { before, after };

  // Whoever includes it starts its processes.
  void load_included() {
    for (Instruction& step : script_) {
      const auto name = called_application(step, "start");
      if (!name || step.source || includers(way_.to, *name).empty()) continue;
      step = call_application("load", {Term(*name)});
      note(name->name() + " is loaded, not started: " + includers(way_.to, *name).begin()->name() +
           " includes it");
    }
    std::erase_if(script_, [this](const Instruction& step) {
      const auto name = called_application(step, "stop");
      return name && !step.source && !includers(way_.from, *name).empty();
    });
  }

  void place_start(const Application& one) {
    const auto step = find_call("start", one.name());
    if (step != script_.end() && step->source) return;
    Instruction start = call_application("start", {Term(one.name()), Term(one.start_type)});
    std::size_t place = first_place();
    if (step != script_.end()) {
      place = static_cast<std::size_t>(step - script_.begin());
      start = std::move(*step);
      script_.erase(step);
    } else {
      note(one.name().name() + " is started: " + change_of(one.name()));
    }
    std::set<Atom> applications = needs(way_.to, one.name());
    applications.merge(includers(way_.from, one.name()));
    applications.insert(one.name());
    const std::set<Atom> modules = switched(Side::before, one.name());
    for (std::size_t i = place; i < script_.size(); ++i)
      if (is_about(script_[i], applications, modules)) place = i + 1;
    insert(place, std::move(start));
  }

  void place_stop(const Application& one) {
    const auto step = find_call("stop", one.name());
    if (step != script_.end() && step->source) return;
    Instruction stop = call_application("stop", {Term(one.name())});
    std::size_t place = script_.size();
    if (step != script_.end()) {
      place = static_cast<std::size_t>(step - script_.begin());
      script_.erase(step);
    } else {
      note(one.name().name() + " is stopped: " + change_of(one.name()));
    }
    std::set<Atom> applications = heirs(one);
    applications.merge(includers(way_.to, one.name()));
    if (!is_used_by_what_changes(one.name())) applications.merge(needs(way_.from, one.name()));
    const std::set<Atom> modules = switched(Side::after, one.name());
    for (std::size_t i = place; i-- > first_place();)
      if (is_about(script_[i], applications, modules)) place = i;
    insert(place, std::move(stop));
  }

  void tell_other_start_type(const Application& one) {
    const Application* before = way_.from.find(one.name());
    if (before == nullptr || before->start_type == one.start_type) return;
    if (!is_started(before->start_type) || !is_started(one.start_type)) return;
    if (find_call("start", one.name()) != script_.end()) return;
    note("the start type of " + one.name().name() + " changes from " + before->start_type.name() +
         " to " + one.start_type.name() + ": that takes effect when it starts again");
  }

  std::string change_of(Atom name) const {
    const Application* before = way_.from.find(name);
    const Application* after = way_.to.find(name);
    const bool has_other_type =
        before != nullptr && after != nullptr && !(before->start_type == after->start_type);
    if (has_other_type) {
      return "its start type changes from " + before->start_type.name() + " to " +
             after->start_type.name();
    }
    const std::set<Atom> now = includers(way_.to, name);
    if (!now.empty()) return now.begin()->name() + " includes it now";
    return includers(way_.from, name).begin()->name() + " no longer includes it";
  }

  // Those that come with modules or registered names of it.
  std::set<Atom> heirs(const Application& one) const {
    std::set<Atom> found;
    for (const Application& other : way_.to.applications) {
      if (way_.from.find(other.name()) != nullptr) continue;
      if (have_common(other.file.modules, one.file.modules) ||
          have_common(other.file.registered, one.file.registered))
        found.insert(other.name());
    }
    return found;
  }

  bool is_used_by_what_changes(Atom name) const {
    return std::any_of(script_.begin(), script_.end(), [&](const Instruction& step) {
      const std::set<Atom> owners = owners_of(step);
      return std::any_of(owners.begin(), owners.end(), [&](Atom owner) {
        return way_.to.find(owner) != nullptr && needs(way_.from, owner).contains(name);
      });
    });
  }

  // The modules that are switched before those of an application, or after them. A dependency holds
  // for the way up, and the other way round for the way down.
  std::set<Atom> switched(Side side, Atom name) const {
    const bool is_up = way_.direction == appup::Direction::up;
    const bool wants_earlier = is_up == (side == Side::before);
    std::set<Atom> modules;
    for (const plan::Dependency& dependency : dependencies_) {
      const Atom own = wants_earlier ? dependency.later : dependency.earlier;
      const Atom other = wants_earlier ? dependency.earlier : dependency.later;
      if (is_of(own, name)) modules.insert(other);
    }
    return modules;
  }

  bool is_of(Atom module, Atom application) const {
    const auto owner = owners_.find(module);
    return owner != owners_.end() && owner->second == application;
  }

  std::set<Atom> owners_of(const Instruction& step) const {
    std::set<Atom> owners;
    for (const Atom module : modules_of(step.action)) {
      const auto owner = owners_.find(module);
      if (owner != owners_.end()) owners.insert(owner->second);
    }
    for (const char* function : {"start", "stop", "load"}) {
      if (const auto name = called_application(step, function)) owners.insert(*name);
    }
    return owners;
  }

  bool is_about(const Instruction& step, const std::set<Atom>& applications,
                const std::set<Atom>& modules) const {
    const std::set<Atom> owners = owners_of(step);
    const std::vector<Atom> own = modules_of(step.action);
    return std::any_of(owners.begin(), owners.end(),
                       [&](Atom owner) { return applications.contains(owner); }) ||
           std::any_of(own.begin(), own.end(), [&](Atom each) { return modules.contains(each); });
  }

  Script::iterator find_call(std::string_view function, Atom name) {
    return std::find_if(script_.begin(), script_.end(), [&](const Instruction& step) {
      return called_application(step, function) == name;
    });
  }

  std::size_t first_place() const {
    const auto point = std::find_if(script_.begin(), script_.end(), [](const Instruction& step) {
      return std::holds_alternative<appup::PointOfNoReturn>(step.action);
    });
    return point == script_.end() ? 0 : static_cast<std::size_t>(point - script_.begin()) + 1;
  }

  void insert(std::size_t place, Instruction step) {
    script_.insert(script_.begin() + static_cast<std::ptrdiff_t>(place), std::move(step));
  }

  void note(const std::string& what) {
    Diagnostic note;
    note.rule = rule;
    note.severity = Severity::note;
    note.message =
        (way_.direction == appup::Direction::up ? "on the way up " : "on the way down ") + what;
    notes_.push_back(std::move(note));
  }

  const Way& way_;
  const std::vector<plan::Dependency>& dependencies_;
  Script& script_;
  std::map<Atom, Atom> owners_;  // of modules
  Diagnostics notes_;
};

}  // namespace

Diagnostics order_applications(const Way& way, const std::vector<plan::Dependency>& dependencies,
                               Script& script) {
  const bool restarts_first =
      !script.empty() && std::holds_alternative<appup::RestartNewEmulator>(script.front().action);
  if (restarts_first) return {};
  return Orderer(way, dependencies, script).run();
}

}  // namespace relup::generate
