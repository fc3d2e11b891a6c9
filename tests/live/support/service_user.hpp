// SPDX-License-Identifier: Apache-2.0
#pragma once

// A user that a node runs as when root looks after it, and what belongs to whom below a root. Only
// root can make use of it.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include <sys/types.h>

namespace relup::live_tests {

constexpr uid_t service_user = 65534;  // nobody, on every system

// Words that start a program as that user.
std::vector<std::string> as_service_user();
// Words that start a program under a umask, "077".
std::vector<std::string> under_umask(const std::string& mask);

// `path`, and everything below it, belongs to `user` from now on.
void give_all(const std::filesystem::path& path, uid_t user);

// What lies below `root`, links left out, and does not belong to `user` or may be written by
// anybody else: "lib/shop (owner 0, mode 755)", sorted.
std::vector<std::string> not_only_of(const std::filesystem::path& root, uid_t user);

// Owner and mode of what matters to a release, one line each.
void print_owners(std::ostream& out, const std::string& title, const std::filesystem::path& root);

unsigned mode_of(const std::filesystem::path& path);
uid_t owner_of(const std::filesystem::path& path);

}  // namespace relup::live_tests
