// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the source of changed modules tells, where there is debug information: the state of their
// processes, the children of supervisors.

#include <vector>

#include "diff/release_diff.hpp"

namespace relup::diff {

// Fills in `state_change`, `children_change` and `init_effects` of the modules, and the reasons
// that follow.
void compare_sources(std::vector<ApplicationChange>& applications);

}  // namespace relup::diff
