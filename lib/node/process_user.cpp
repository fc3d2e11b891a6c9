// SPDX-License-Identifier: Apache-2.0
#include "node/process_user.hpp"

#include <sstream>

#include "base/error.hpp"

namespace relup::node {
namespace {

using Numbers = std::vector<std::uint32_t>;

std::string status_of(FileSystem& files, const std::string& path) {
  try {
    return files.read_if_exists(path).value_or("");
  } catch (const Error&) {
    return "";
  }
}

Numbers numbers_in(std::istringstream& words) {
  Numbers numbers;
  for (std::uint32_t number = 0; words >> number;)
    numbers.push_back(number);
  return numbers;
}

}  // namespace

// "Uid: REAL EFFECTIVE SAVED FILE-SYSTEM", the same of "Gid:", and "Groups: GROUP.."; see proc(5).
std::optional<User> user_of_process(FileSystem& files, const std::string& proc,
                                    const std::string& pid) {
  std::istringstream lines(status_of(files, join_path(join_path(proc, pid), "status")));
  Numbers users;
  Numbers main_groups;
  User user;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string label;
    words >> label;
    if (label == "Uid:") users = numbers_in(words);
    if (label == "Gid:") main_groups = numbers_in(words);
    if (label == "Groups:") user.groups = numbers_in(words);
  }
  if (users.size() < 2 || main_groups.size() < 2) return std::nullopt;
  user.id = users[1];
  user.group = main_groups[1];
  return user;
}

}  // namespace relup::node
