// SPDX-License-Identifier: Apache-2.0
#include "host/file_users.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include <unistd.h>

#include "base/error.hpp"

namespace relup::host {
namespace {

bool is_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

class Look {
 public:
  Look(FileSystem& files, std::string process, const std::vector<std::string>& folders)
      : files_(files), process_(std::move(process)), folders_(folders) {}

  std::optional<FileUser> of_links() {
    if (const auto path = link("exe")) return found(FileUse::program, *path);
    if (const auto path = link("cwd")) return found(FileUse::working_directory, *path);
    for (const std::string& name : names("fd")) {
      if (const auto path = link("fd/" + name)) return found(FileUse::open_file, *path);
    }
    return std::nullopt;
  }

  // "START-END MODE OFFSET DEVICE INODE   PATH", see proc(5).
  std::optional<FileUser> of_maps() {
    std::istringstream lines(text("maps"));
    for (std::string line; std::getline(lines, line);) {
      const std::size_t begin = line.find('/');
      if (begin == std::string::npos) continue;
      const std::string path = line.substr(begin);
      if (lies_in_folders(path)) return found(FileUse::mapped_file, path);
    }
    return std::nullopt;
  }

  // A word of the command line is the path, or ends with it as in --config=PATH.
  std::optional<FileUser> of_arguments() {
    std::istringstream words(text("cmdline"));
    for (std::string word; std::getline(words, word, '\0');) {
      const std::size_t begin = word.find('/');
      if (begin == std::string::npos) continue;
      const std::string path = word.substr(begin);
      if (lies_in_folders(path)) return found(FileUse::argument, path);
    }
    return std::nullopt;
  }

 private:
  FileUser found(FileUse use, const std::string& path) {
    std::string name = text("comm");
    while (!name.empty() && name.back() == '\n')
      name.pop_back();
    return {base_name(process_), name, use, path};
  }

  bool lies_in_folders(const std::string& path) const {
    return std::any_of(folders_.begin(), folders_.end(), [&](const std::string& folder) {
      return path == folder || path.starts_with(folder + "/");
    });
  }

  // What the link says, when that lies in the folders.
  std::optional<std::string> link(const std::string& name) {
    try {
      std::string path = files_.read_link(join_path(process_, name));
      return lies_in_folders(path) ? std::optional(std::move(path)) : std::nullopt;
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  std::vector<std::string> names(const std::string& directory) {
    std::vector<std::string> found;
    try {
      for (const DirectoryEntry& entry : files_.list(join_path(process_, directory)))
        found.push_back(entry.name);
    } catch (const Error&) {
      found.clear();
    }
    return found;
  }

  std::string text(const std::string& name) {
    try {
      return files_.read_if_exists(join_path(process_, name)).value_or("");
    } catch (const Error&) {
      return "";
    }
  }

  FileSystem& files_;
  std::string process_;
  const std::vector<std::string>& folders_;
};

}  // namespace

std::vector<FileUser> users_of(FileSystem& files, const std::string& proc,
                               const std::vector<std::string>& folders,
                               const std::string& passed_over) {
  std::vector<FileUser> users;
  if (!files.is_directory(proc)) return users;
  const std::string ourselves = std::to_string(::getpid());
  for (const DirectoryEntry& entry : files.list(proc)) {
    if (!is_number(entry.name) || entry.name == ourselves) continue;
    Look look(files, join_path(proc, entry.name), folders);
    auto user = look.of_links();
    if (!user) user = look.of_maps();
    if (!user && entry.name != passed_over) user = look.of_arguments();
    if (user) users.push_back(*std::move(user));
  }
  return users;
}

}  // namespace relup::host
