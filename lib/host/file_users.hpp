// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which operating system processes use files below some folders, by /proc: they run a program from
// there, work there, have a file of it open or mapped, or were started with its path. Somebody who
// takes these files away hurts them. What may not be looked at is left out: that of other users,
// when relup is not root. Processes that go away meanwhile are left out, too.

#include <string>
#include <vector>

#include "base/file_system.hpp"

namespace relup::host {

enum class FileUse { program, working_directory, open_file, mapped_file, argument };

struct FileUser {
  std::string pid;
  std::string program;  // its name, as the kernel tells it
  FileUse use;
  std::string path;  // absolute
};

// One use of each process, the first of the above; in the order of the numbers' text. `folders` are
// absolute, without symbolic links. The process `passed_over` is looked at, but its arguments are
// not: those of a node tell what it has booted, and that may not be what it runs.
std::vector<FileUser> users_of(FileSystem& files, const std::string& proc,
                               const std::vector<std::string>& folders,
                               const std::string& passed_over);

}  // namespace relup::host
