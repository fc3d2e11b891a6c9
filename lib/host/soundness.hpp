// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a release could be loaded and booted, as far as its files tell. The release handler finds
// out too late: code that does not load restarts the node in the middle of an install, and with a
// sys.config that does not parse the node runs on without its configuration, and does not boot
// again. What is wrong is an Error (bad_input) that names the file and the place.

#include "base/checkpoint.hpp"
#include "release/release_tree.hpp"

namespace relup::host {

void check_soundness(const release::ReleaseTree& tree, Checkpoint& checkpoint = no_checkpoint());

}  // namespace relup::host
