// SPDX-License-Identifier: Apache-2.0
#include "lint/step_cause.hpp"

namespace relup::lint {

std::optional<StepCause> cause_of_steps(const Script& script,
                                        const std::vector<std::size_t>& steps) {
  for (const std::size_t step : steps) {
    if (step < script.size() && script[step].source) {
      return StepCause{script[step].source, script[step].span};
    }
  }
  return std::nullopt;
}

std::string describe_way(const ScriptView& view) {
  const std::string& base = view.releases.tree(Side::from).version();
  return (view.direction == appup::Direction::up ? "up from " : "down to ") + base;
}

}  // namespace relup::lint
