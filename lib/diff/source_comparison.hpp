// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the source of changed modules tells: the state of their processes, where there is debug
// information, and the children of supervisors, which compiled code may tell as well.

#include <vector>

#include "diff/release_diff.hpp"

namespace relup::diff {

// Fills in `state_change`, `is_state_unread`, `structure_change`, `children_change`,
// `may_list_other_children`, `init_effects` and `is_too_large` of the modules.
void compare_sources(std::vector<ApplicationChange>& applications);

}  // namespace relup::diff
