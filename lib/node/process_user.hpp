// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whose rights a process has, from /proc.

#include <optional>
#include <string>

#include "base/file_system.hpp"
#include "base/user.hpp"

namespace relup::node {

// None when there is no such process, or nothing of it may be read.
std::optional<User> user_of_process(FileSystem& files, const std::string& proc,
                                    const std::string& pid);

}  // namespace relup::node
