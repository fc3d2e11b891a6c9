// SPDX-License-Identifier: Apache-2.0
#pragma once

// While the agent installs a release, some of its files are others: the sys.config of a release of
// Mix holds what its providers have resolved to, and for a moment the relup holds the steps that
// call relup's engine. The original is kept beside the file under another name; an empty one stands
// for a file that was not there. A node that goes down meanwhile leaves both. The release starts
// all the same, but its secrets are on the disk, and its relup is no longer its own.

#include <string>
#include <vector>

#include "host/host.hpp"

namespace relup::host {

// The files that have been left so, "releases/1.1.0/sys.config", below the root.
std::vector<std::string> unfinished_files(FileSystem& files, const Host& host);
// Puts the originals back, and removes folders with files that were not finished.
void restore_files(FileSystem& files, const Host& host);

}  // namespace relup::host
