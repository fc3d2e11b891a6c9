// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the instructions for one way do about a supervisor: those of an appup, or the script that
// they become. Somebody's own function may do anything, so where one is called, the children count
// as seen to.

#include <optional>
#include <vector>

#include "plan/supervision.hpp"

namespace relup::plan {

struct SupervisorCare {
  std::optional<appup::Direction> direction = {};  // none where both are meant
  bool is_updated = true;                          // its code_change calls init/1 again
  bool leaves_children = true;                     // `missing` has something
  SupervisionSteps missing = {};  // what of supervisor_steps() nobody does on this way
  bool touches_children = false;  // whether children are started or stopped at all
};

SupervisorCare care_of(const diff::ModuleChange& module, const std::vector<appup::Action>& actions,
                       appup::Direction direction);

}  // namespace relup::plan
