// SPDX-License-Identifier: Apache-2.0
#pragma once

// What init/1 of a supervisor does by way of another module: `tables:make()` that makes a table.
// One module away, and of a few modules for each supervisor: not those of OTP and Elixir
// themselves.

#include "diff/release_diff.hpp"

namespace relup::diff {

// Adds to `init_effects` of the changed supervisors. After compare_sources().
void add_called_effects(const release::ReleaseTree& new_release,
                        std::vector<ApplicationChange>& applications);

}  // namespace relup::diff
