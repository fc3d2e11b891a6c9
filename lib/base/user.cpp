// SPDX-License-Identifier: Apache-2.0
#include "base/user.hpp"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "base/error.hpp"

namespace relup {
namespace {

std::vector<std::uint32_t> groups_of(const passwd& user) {
  constexpr int most_groups = 65'536;  // as Linux has it
  int count = 32;
  std::vector<gid_t> groups;
  do {
    groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) >= 0) break;
  } while (count <= most_groups);
  groups.resize(static_cast<std::size_t>(count));
  return {groups.begin(), groups.end()};
}

void set_environment(std::uint32_t id) {
  const passwd* user = ::getpwuid(id);
  if (user == nullptr) return;
  ::setenv("HOME", user->pw_dir, 1);
  ::setenv("USER", user->pw_name, 1);
  ::setenv("LOGNAME", user->pw_name, 1);
}

}  // namespace

std::uint32_t effective_user() {
  return ::geteuid();
}

User user_with_id(std::uint32_t id, std::uint32_t group) {
  const passwd* user = ::getpwuid(id);
  if (user == nullptr) return {id, group};
  return {id, user->pw_gid, groups_of(*user)};
}

std::string user_name(std::uint32_t id) {
  const passwd* user = ::getpwuid(id);
  return user == nullptr ? std::to_string(id) : user->pw_name;
}

// Groups first: only root may set them.
void become_user(const User& user) {
  const std::string name = user_name(user.id);
  set_environment(user.id);
  const std::vector<gid_t> groups(user.groups.begin(), user.groups.end());
  if (::setgroups(groups.size(), groups.data()) != 0 ||
      ::setresgid(user.group, user.group, user.group) != 0 ||
      ::setresuid(user.id, user.id, user.id) != 0) {
    throw system_error("work as", name, errno);
  }
}

bool may_write_in(const std::string& directory) {
  return ::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

}  // namespace relup
