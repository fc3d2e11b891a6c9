// SPDX-License-Identifier: Apache-2.0
#include "lint/declared_walk.hpp"

#include <algorithm>

namespace relup::lint {
namespace {

bool walks(const appup::Action& action) {
  return std::holds_alternative<appup::Suspend>(action) ||
         std::holds_alternative<appup::Stop>(action) ||
         std::holds_alternative<appup::Start>(action);
}

std::optional<StepCause> cause_of_walk(const Script& script) {
  std::vector<std::size_t> steps;
  for (std::size_t step = 0; step < script.size(); ++step)
    if (walks(script[step].action)) steps.push_back(step);
  return cause_of_steps(script, steps);
}

bool is_among(const std::vector<MisdeclaredChild>& children, const MisdeclaredChild& child) {
  return std::any_of(children.begin(), children.end(),
                     [&](const MisdeclaredChild& each) { return each.is_same(child); });
}

}  // namespace

void for_walked_children(
    const ScriptView& view, MisdeclaredChild::Kind kind,
    const std::function<void(const MisdeclaredChild&, const StepCause&)>& found) {
  const auto place = cause_of_walk(view.script);
  if (!place) return;
  const bool is_down = view.direction == appup::Direction::down;
  for (const MisdeclaredChild& child :
       view.releases.misdeclared_children(departing(view.direction))) {
    const bool is_told = is_down && is_among(view.releases.misdeclared_children(Side::from), child);
    if (child.kind == kind && !is_told) found(child, *place);
  }
}

}  // namespace relup::lint
