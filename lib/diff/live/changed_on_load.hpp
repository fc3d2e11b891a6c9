// SPDX-License-Identifier: Apache-2.0
#pragma once

// The on_load function of a module, where the new version has another one than the old: it runs
// while the code is loaded.

#include "diff/live/code_pair.hpp"

namespace relup::diff {

void compare_on_load(CodePair& pair);

}  // namespace relup::diff
