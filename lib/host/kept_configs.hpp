// SPDX-License-Identifier: Apache-2.0
#pragma once

// While the agent installs a release of Mix, the release's sys.config holds what its providers have
// resolved to, and the original is kept beside it under another name. A node that goes down during
// that leaves both files. The release starts all the same, but its secrets are on the disk.

#include <string>
#include <vector>

#include "host/host.hpp"

namespace relup::host {

// The versions that have been left so.
std::vector<std::string> unfinished_configs(FileSystem& files, const Host& host);
// Puts the originals back.
void restore_configs(FileSystem& files, const Host& host);

}  // namespace relup::host
