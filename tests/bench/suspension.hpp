// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much of a system stands still at once during an upgrade. Modules that DepMods tie together
// switch as one group, and all processes of those that are updated are suspended until the last of
// them is done. So the rule that finds the DepMods decides how long nobody is served.

#include <string>

#include "diff_input.hpp"

namespace relup::bench {

struct GroupSizes {
  std::size_t tied = 0;       // modules in the largest group
  std::size_t suspended = 0;  // modules in the largest suspend instruction of the way up
};

// What `relup generate --out DIRECTORY` wrote.
GroupSizes group_sizes_of_relup(const std::string& directory);

// What "imports that changed" would give, the rule of Distillery: a changed module depends on every
// changed module of its application that it calls at all. Supervisors are updated and have no
// DepMods of their own, everything with a code_change is updated, the rest is loaded.
GroupSizes group_sizes_by_imports(const std::string& pair_directory, const Expected& expected);

}  // namespace relup::bench
