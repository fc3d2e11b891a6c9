// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions that the one version exports and the other does not, while timers, sleeping processes
// or stores name them (facts/named_functions.hpp). Told of the module that has them.

#include "diff/live/code_pair.hpp"
#include "diff/release_diff.hpp"

namespace relup::diff {

// Adds to `live_data` of the modules of `applications`, which `pairs` are of.
void compare_named_functions(std::vector<ApplicationChange>& applications, const CodePairs& pairs);

}  // namespace relup::diff
