// SPDX-License-Identifier: Apache-2.0
//
// A walk like that of the release handler, through code in the place of processes: every supervisor
// is visited once, and each of its children held against what its start function starts.

#include "lint/misdeclared_children.hpp"

#include <algorithm>
#include <map>

#include "facts/child_process.hpp"
#include "lint/release_pair.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using facts::Child;
using facts::ChildProcess;
using facts::ModuleFacts;
using Kind = MisdeclaredChild::Kind;

// What stands below a supervisor.
struct Below {
  std::set<Atom> modules;
  bool is_all = true;
};

// Whether something of it will be suspended, most probably.
bool changes_processes(const diff::ApplicationChange& application) {
  return application.changes_version() &&
         std::any_of(application.modules.begin(), application.modules.end(), [](const auto& each) {
           return each.changes_code && (facts::is_supervisor(*each.old_facts) ||
                                        facts::state_position(*each.old_facts) > 0);
         });
}

bool lists_children(const ModuleFacts& facts) {
  return facts::is_supervisor(facts) || (facts.has_behaviour("Elixir.Application") &&
                                         facts.calls("Elixir.Supervisor", "start_link", 2));
}

class Walk {
 public:
  Walk(const ReleasePair& releases, Side side)
      : releases_(releases), side_(side), find_([this](Atom module) { return flow_of(module); }) {}

  std::vector<MisdeclaredChild> run() {
    for (const release::Application& application : releases_.tree(side_).release.applications) {
      const Term::Elements* start = application.file.start_module.as_tuple();
      const Atom* module = start == nullptr ? nullptr : start->front().as_atom();
      if (module != nullptr) visit_start(*module);
    }
    for (const diff::ApplicationChange& application : releases_.diff().applications) {
      const auto* files = releases_.tree(side_).find(application.name);
      if (files == nullptr || !changes_processes(application)) continue;
      for (const Atom module : files->beam_modules)
        if (lists_children(*releases_.facts(side_, module))) visit(module);
    }
    // Which manager of an application a handler is in is not known.
    std::erase_if(found_, [&](const MisdeclaredChild& each) {
      return each.kind == Kind::unasked_manager &&
             with_asked_managers_.contains(releases_.owner(side_, each.supervisor));
    });
    return std::move(found_);
  }

 private:
  const beam::ValueFlow* flow_of(Atom module) const {
    const ModuleFacts* facts = releases_.facts(side_, module);
    return facts == nullptr || !facts->module_source ? nullptr
                                                     : &facts->module_source->value_flow();
  }

  const beam::SourceCode* code_of(Atom module) const {
    const ModuleFacts* facts = releases_.facts(side_, module);
    return facts == nullptr ? nullptr : facts->functions();
  }

  // start/2 of an application: starts a supervisor, or in Elixir lists the children itself.
  void visit_start(Atom module) {
    if (code_of(module) == nullptr) return;
    const auto process = facts::process_started_by(find_, module, Atom("start"), 2);
    if (!process || process->kind != ChildProcess::Kind::supervisor) return;
    visit(process->callback.value_or(module));
  }

  const Below& visit(Atom supervisor) {
    const auto [place, is_new] = visited_.try_emplace(supervisor);
    Below& below = place->second;
    if (!is_new) return below;
    const beam::SourceCode* code = code_of(supervisor);
    const auto listed = code == nullptr ? std::nullopt : children_in(*code);
    below.is_all = listed.has_value();
    for (const Child& child : listed.value_or(std::vector<Child>()))
      look_at(supervisor, child, below);
    return below;
  }

  static std::optional<std::vector<Child>> children_in(const beam::SourceCode& code) {
    if (auto children = facts::children_of(code).answer) return std::move(children->list);
    if (auto pattern = facts::pattern_of_simple_supervisor(code))
      return std::vector<Child>{std::move(*pattern)};
    return std::nullopt;
  }

  void look_at(Atom supervisor, const Child& listed, Below& below) {
    const Child child = described(listed);
    const auto process = process_of(child);
    if (child.modules) below.modules.insert(child.modules->begin(), child.modules->end());
    if (!process) {
      below.is_all = false;
      return;
    }
    if (process->callback) below.modules.insert(*process->callback);
    if (process->kind == ChildProcess::Kind::event_manager && child.has_dynamic_modules)
      with_asked_managers_.insert(releases_.owner(side_, supervisor));
    MisdeclaredChild found{{}, supervisor, child.id, process->callback};
    if (process->kind == ChildProcess::Kind::supervisor) {
      const Below lower = process->callback ? visit(*process->callback) : Below{{}, false};
      below.modules.insert(lower.modules.begin(), lower.modules.end());
      below.is_all = below.is_all && lower.is_all;
      found.below = lower.modules;
      found.is_all_below = lower.is_all;
    }
    if (const auto kind = fault_of(child, *process)) {
      found.kind = *kind;
      if (kind == Kind::unasked_manager)
        found.named = {child.modules->begin(), child.modules->end()};
      found_.push_back(std::move(found));
    }
  }

  // With what child_spec/1 of its module says.
  Child described(Child child) const {
    const beam::SourceCode* code = child.describer ? code_of(*child.describer) : nullptr;
    const auto whole = code == nullptr ? std::nullopt : facts::child_described_by(*code);
    if (!whole) return child;
    child.settings.insert(whole->settings.begin(), whole->settings.end());
    if (!child.starter) {
      child.starter = whole->starter;
      child.start_function = whole->start_function;
    }
    if (!child.modules && !child.has_dynamic_modules) {
      child.modules = whole->modules;
      child.has_dynamic_modules = whole->has_dynamic_modules;
    }
    return child;
  }

  std::optional<ChildProcess> process_of(const Child& child) const {
    if (!child.starter || !child.start_function) return std::nullopt;
    const auto& [function, arity] = *child.start_function;
    return facts::process_started_by(find_, *child.starter, function, arity);
  }

  std::optional<Kind> fault_of(const Child& child, const ChildProcess& process) const {
    const auto type = child.settings.find("type");
    const bool is_known = type != child.settings.end();
    const bool is_worker = is_known && type->second.is_atom("worker");
    const bool is_supervisor = process.kind == ChildProcess::Kind::supervisor;
    const bool is_manager = process.kind == ChildProcess::Kind::event_manager;
    if (is_worker && child.has_dynamic_modules && !is_manager)
      return may_answer(process, "get_modules") ? std::nullopt
                                                : std::optional(Kind::unanswered_modules);
    if (is_worker && is_manager && child.modules) return Kind::unasked_manager;
    if (is_worker && is_supervisor) return Kind::hidden_supervisor;
    if (is_known && !is_worker && !is_supervisor && !may_answer(process, "which_children"))
      return Kind::false_supervisor;
    const bool is_unnamed = process.callback && child.modules &&
                            std::find(child.modules->begin(), child.modules->end(),
                                      *process.callback) == child.modules->end();
    return is_unnamed ? std::optional(Kind::other_modules) : std::nullopt;
  }

  bool may_answer(const ChildProcess& process, std::string_view message) const {
    if (process.kind != ChildProcess::Kind::server) return false;
    const beam::ValueFlow* code = process.callback ? flow_of(*process.callback) : nullptr;
    return code == nullptr || !code->is_whole || facts::may_take(*code, message);
  }

  const ReleasePair& releases_;
  Side side_;
  facts::FindFlow find_;
  std::map<Atom, Below> visited_;
  std::set<const release::TreeApplication*> with_asked_managers_;
  std::vector<MisdeclaredChild> found_;
};

}  // namespace

bool MisdeclaredChild::is_same(const MisdeclaredChild& other) const {
  return kind == other.kind && supervisor == other.supervisor && id == other.id;
}

std::string describe(const MisdeclaredChild& child) {
  return "the child " + print(child.id) + " of " + print_atom(child.supervisor.name());
}

std::vector<MisdeclaredChild> find_misdeclared_children(const ReleasePair& releases, Side side) {
  return Walk(releases, side).run();
}

}  // namespace relup::lint
