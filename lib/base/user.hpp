// SPDX-License-Identifier: Apache-2.0
#pragma once

// Users of the operating system: who we work as, and becoming somebody else for good.

#include <cstdint>
#include <string>
#include <vector>

namespace relup {

struct User {
  std::uint32_t id = 0;
  std::uint32_t group = 0;
  std::vector<std::uint32_t> groups = {};  // the supplementary ones
  bool operator==(const User&) const = default;
};

constexpr std::uint32_t root_user = 0;

// Whose rights this process has.
std::uint32_t effective_user();
// The user as a login would make it; `group` where the system does not know the user.
User user_with_id(std::uint32_t id, std::uint32_t group);
// "shop", or the number where it has no name.
std::string user_name(std::uint32_t id);

// The whole process works as `user` from now on and cannot go back; HOME, USER and LOGNAME follow.
// Error (system_error) when the system refuses.
void become_user(const User& user);

// Whether this process may make and remove files in `directory`.
bool may_write_in(const std::string& directory);

}  // namespace relup
