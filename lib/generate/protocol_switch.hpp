// SPDX-License-Identifier: Apache-2.0
#pragma once

// Elixir's protocols, switched in the script itself. A release of Mix holds each protocol twice: as
// it was compiled, and consolidated, with its implementations built in, which is what runs. An
// appup can only load the first, and would undo the consolidation; what changed only in the second,
// such as a new implementation of String.Chars, it would not load at all.

#include "diff/release_diff.hpp"
#include "release/release_tree.hpp"
#include "relup/script.hpp"

namespace relup::generate {

// Puts the consolidated protocols of `target` into `script`, those that differ between the releases
// of `diff`: `{apply, {code, load_binary, [M, File, Beam]}}` and a soft purge, as early as the
// implementations are loaded, and before implementations that go are removed. A release without
// consolidated protocols changes nothing. Error (bad_input) where one cannot be read.
void switch_protocols(const diff::ReleaseDiff& diff, const release::ReleaseTree& target,
                      Script& script);

}  // namespace relup::generate
