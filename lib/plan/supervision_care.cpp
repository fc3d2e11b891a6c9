// SPDX-License-Identifier: Apache-2.0
#include "plan/supervision_care.hpp"

#include <algorithm>
#include <array>

namespace relup::plan {
namespace {

using appup::Action;
using appup::Apply;

bool is_of_supervisor(const Apply& apply) {
  return apply.module == "supervisor" || apply.module == "Elixir.Supervisor";
}

// Calls that relup and systools write themselves, which leave children alone.
bool is_of_nobody(const Apply& apply) {
  constexpr auto known = std::to_array<std::string_view>({"application", "code"});
  return std::any_of(known.begin(), known.end(), [&](auto each) { return apply.module == each; });
}

// The second argument: an id, or a specification.
const Term* subject_of(const Apply& apply) {
  const Term::Elements* arguments = apply.arguments.as_list();
  return arguments == nullptr || arguments->size() != 2 ? nullptr : &(*arguments)[1];
}

// By function and child. What could not be read is a placeholder, and fits every child.
bool fits(const Apply& step, const Apply& written) {
  const Term* wanted = subject_of(step);
  const Term* given = subject_of(written);
  if (!is_of_supervisor(written) || wanted == nullptr || given == nullptr) return false;
  const bool starts = step.function == "restart_child" || step.function == "start_child";
  if (starts && written.function == "start_child") return true;
  return step.function == written.function &&
         (wanted->is_atom("SPECIFICATION") || *wanted == *given);
}

bool updates(const Action& action, Atom module) {
  if (const auto* update = std::get_if<appup::Update>(&action))
    return update->module == module && update->extra.has_value();
  const auto* change = std::get_if<appup::CodeChange>(&action);
  return change != nullptr && std::any_of(change->modules.begin(), change->modules.end(),
                                          [&](const auto& each) { return each.first == module; });
}

std::vector<Apply> calls_in(const std::vector<Action>& actions) {
  std::vector<Apply> calls;
  for (const Action& action : actions)
    if (const auto* apply = std::get_if<Apply>(&action)) calls.push_back(*apply);
  return calls;
}

void erase_written(const std::vector<Apply>& calls, std::vector<Action>& steps) {
  std::erase_if(steps, [&](const Action& step) {
    return std::any_of(calls.begin(), calls.end(),
                       [&](const Apply& each) { return fits(std::get<Apply>(step), each); });
  });
}

}  // namespace

SupervisorCare care_of(const diff::ModuleChange& module, const std::vector<Action>& actions,
                       appup::Direction direction) {
  SupervisorCare care{direction};
  care.is_updated = std::any_of(actions.begin(), actions.end(),
                                [&](const Action& each) { return updates(each, module.name); });
  const std::vector<Apply> calls = calls_in(actions);
  care.touches_children = std::any_of(calls.begin(), calls.end(),
                                      [](const Apply& each) { return !is_of_nobody(each); });
  const bool has_own = std::any_of(calls.begin(), calls.end(), [](const Apply& each) {
    return !is_of_supervisor(each) && !is_of_nobody(each);
  });
  if (module.children_change && !has_own) {
    care.missing = supervisor_steps(*module.children_change, direction);
    erase_written(calls, care.missing.stop);
    erase_written(calls, care.missing.start);
  }
  care.leaves_children = !care.missing.stop.empty() || !care.missing.start.empty();
  return care;
}

}  // namespace relup::plan
