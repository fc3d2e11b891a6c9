// SPDX-License-Identifier: Apache-2.0
#pragma once

// How something leaves a root so that it is there whole or not at all: it is moved below .relup,
// which is one step, the move is synced, and only there is it deleted.

#include <string>
#include <vector>

#include "base/file_system.hpp"

namespace relup::host {

// `paths` are below the root, in this order; what is not there is fine.
void remove_paths(FileSystem& files, const std::string& root,
                  const std::vector<std::string>& paths);

// What a removal that was cut off has left; true where there was something.
bool empty_trash(FileSystem& files, const std::string& root);

}  // namespace relup::host
