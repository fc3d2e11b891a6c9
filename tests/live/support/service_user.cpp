// SPDX-License-Identifier: Apache-2.0
#include "service_user.hpp"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0)
    throw std::system_error(errno, std::generic_category(), path);
  return status;
}

std::string owner_and_mode(const struct stat& status) {
  std::ostringstream text;
  text << "owner " << status.st_uid << ", mode " << std::oct << (status.st_mode & 07777U);
  return text.str();
}

void give(const fs::path& path, uid_t user) {
  if (::lchown(path.c_str(), user, user) != 0)
    throw std::system_error(errno, std::generic_category(), path);
}

}  // namespace

// Its end comes with that of the test, which the change of the user would make it forget.
std::vector<std::string> as_service_user() {
  const std::string number = std::to_string(service_user);
  return {"setpriv", "--reuid", number, "--regid", number, "--clear-groups", "--pdeathsig", "KILL"};
}

std::vector<std::string> under_umask(const std::string& mask) {
  return {"sh", "-c", "umask " + mask + "; exec \"$@\"", "sh"};
}

void give_all(const fs::path& path, uid_t user) {
  give(path, user);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path))
    give(entry.path(), user);
}

std::vector<std::string> not_only_of(const fs::path& root, uid_t user) {
  constexpr mode_t others_write = 022;
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_symlink()) continue;
    const struct stat status = status_of(entry.path());
    if (status.st_uid == user && (status.st_mode & others_write) == 0) continue;
    found.push_back(entry.path().lexically_relative(root).string() + " (" + owner_and_mode(status) +
                    ")");
  }
  std::sort(found.begin(), found.end());
  return found;
}

void print_owners(std::ostream& out, const std::string& title, const fs::path& root) {
  std::vector<std::string> lines;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    const fs::path path = entry.path().lexically_relative(root);
    const bool is_of_release = *path.begin() == "releases" || *path.begin() == "bin";
    const auto depth = std::distance(path.begin(), path.end());
    if (depth > (is_of_release ? 3 : 2) || path.string().starts_with("erts-")) continue;
    lines.push_back("  " + path.string() + ": " + owner_and_mode(status_of(entry.path())));
  }
  std::sort(lines.begin(), lines.end());
  out << title << "\n  .: " << owner_and_mode(status_of(root)) << "\n";
  for (const std::string& line : lines)
    out << line << "\n";
}

unsigned mode_of(const fs::path& path) {
  return status_of(path).st_mode & 07777U;
}

uid_t owner_of(const fs::path& path) {
  return status_of(path).st_uid;
}

}  // namespace relup::live_tests
