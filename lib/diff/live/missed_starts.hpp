// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a process of a module does only where it starts (facts/start_effects.hpp), and the old code
// did not do.

#include "diff/live/code_pair.hpp"

namespace relup::diff {

void compare_start_effects(CodePair& pair);

}  // namespace relup::diff
