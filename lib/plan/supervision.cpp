// SPDX-License-Identifier: Apache-2.0
//
// A supervisor that lists its children in init/1 has the new list after its update: terminate_child
// ends the process of a child, restart_child starts it as the new list says. One that was given its
// children at its start, as Elixir's applications do it, knows only those: there a child is
// deleted, and started from its specification.

#include "plan/supervision.hpp"

#include <algorithm>

namespace relup::plan {
namespace {

using diff::ModuleChange;
using facts::ChangedChild;
using facts::Child;
using facts::ChildrenChange;

class StepWriter {
 public:
  explicit StepWriter(const ChildrenChange& change)
      : change_(change), is_by_init_(change.source == facts::Children::Source::init) {}

  SupervisionSteps write(appup::Direction direction) {
    const bool up = direction == appup::Direction::up;
    for (const Child& child : up ? change_.removed : change_.added)
      stop_for_good(child);
    for (const ChangedChild& child : change_.changed) {
      if (!child.starts_otherwise) continue;
      if (is_by_init_) {
        call("terminate_child", child.before.id, steps_.stop);
      } else {
        stop_for_good(child.before);
      }
    }
    for (const Child& child : up ? change_.added : change_.removed)
      start(child);
    for (const ChangedChild& child : change_.changed)
      if (child.starts_otherwise) start(up ? child.after : child.before);
    return std::move(steps_);
  }

 private:
  void stop_for_good(const Child& child) {
    call("terminate_child", child.id, steps_.stop);
    call("delete_child", child.id, steps_.stop);
  }

  void start(const Child& child) {
    if (is_by_init_) return call("restart_child", child.id, steps_.start);
    add("Elixir.Supervisor", "start_child",
        child.specification.value_or(Term::atom("SPECIFICATION")), steps_.start);
  }

  void call(const char* function, const Term& id, std::vector<appup::Action>& steps) {
    add("supervisor", function, id, steps);
  }

  void add(const char* module, const char* function, const Term& what,
           std::vector<appup::Action>& steps) {
    const Term name = change_.supervisor.value_or(Term::atom("NAME"));
    steps.push_back(appup::Apply{Atom(module), Atom(function), Term::list({name, what})});
  }

  const ChildrenChange& change_;
  const bool is_by_init_;
  SupervisionSteps steps_;
};

bool replaces_some(const ChildrenChange& change) {
  return change.lists_others() ||
         std::any_of(change.changed.begin(), change.changed.end(),
                     [](const ChangedChild& each) { return each.starts_otherwise; });
}

bool has_specifications(const ChildrenChange& change) {
  const auto has_one = [](const Child& child) { return child.specification.has_value(); };
  return std::all_of(change.added.begin(), change.added.end(), has_one) &&
         std::all_of(change.removed.begin(), change.removed.end(), has_one) &&
         std::all_of(change.changed.begin(), change.changed.end(),
                     [&](const auto& each) { return has_one(each.before) && has_one(each.after); });
}

}  // namespace

SupervisionSteps supervisor_steps(const ChildrenChange& change, appup::Direction direction) {
  return StepWriter(change).write(direction);
}

bool is_written(const ModuleChange& module) {
  if (!module.children_change) return false;
  const ChildrenChange& change = *module.children_change;
  const bool is_by_init = change.source == facts::Children::Source::init;
  return replaces_some(change) && change.supervisor && (is_by_init || has_specifications(change));
}

SupervisionSteps supervision_steps(const diff::ApplicationChange& application,
                                   appup::Direction direction) {
  SupervisionSteps all;
  for (const ModuleChange& module : application.modules) {
    if (!is_written(module)) continue;
    const SupervisionSteps steps = supervisor_steps(*module.children_change, direction);
    all.stop.insert(all.stop.end(), steps.stop.begin(), steps.stop.end());
    all.start.insert(all.start.end(), steps.start.begin(), steps.start.end());
  }
  return all;
}

}  // namespace relup::plan
