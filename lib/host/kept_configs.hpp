// SPDX-License-Identifier: Apache-2.0
#pragma once

// While the agent installs a release of Mix, its sys.config holds what its providers resolved to,
// and the file itself is kept beside it. A node that goes down in between leaves both: such a
// release starts all the same, but its secrets are on the disk.

#include <string>
#include <vector>

#include "host/host.hpp"

namespace relup::host {

// The versions where that is so.
std::vector<std::string> unfinished_configs(FileSystem& files, const Host& host);
// Puts those files back.
void restore_configs(FileSystem& files, const Host& host);

}  // namespace relup::host
