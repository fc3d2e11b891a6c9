// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds what there is to lint below a path, and reads it.

#include <string>

#include "base/file_system.hpp"
#include "lint/lint.hpp"

namespace relup::lint {

// Adds to `request` the appups and relups that `path` names: a file, or those below a directory. A
// path that names none is an Error (usage).
void find_files(FileSystem& files, const std::string& path, LintRequest& request);

}  // namespace relup::lint
