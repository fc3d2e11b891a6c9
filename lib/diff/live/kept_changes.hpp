// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tuples, structs and funs that the old code keeps for longer than a call (facts/kept_data.hpp),
// and that the new code does not expect.

#include "diff/live/code_pair.hpp"
#include "diff/live/shape_changes.hpp"

namespace relup::diff {

void compare_kept(CodePair& pair, const CodePairs& pairs, const ShapeChanges& shapes);

}  // namespace relup::diff
