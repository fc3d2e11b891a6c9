// SPDX-License-Identifier: Apache-2.0
#include "host/kept_files.hpp"

#include "base/replace_file.hpp"

namespace relup::host {
namespace {

// As the agent calls it.
std::string kept(const std::string& file) {
  return file + ".relup-original";
}

// In which the agent writes what others must not read.
void remove_unfinished_folders(FileSystem& files, const std::string& release) {
  for (const DirectoryEntry& entry : files.list(release)) {
    if (entry.type == FileType::directory && is_temporary_name(entry.name))
      files.remove_all(join_path(release, entry.name));
  }
}

}  // namespace

std::vector<std::string> unfinished_files(FileSystem& files, const Host& host) {
  std::vector<std::string> found;
  for (const DirectoryEntry& entry : files.list(host.path("releases"))) {
    for (const char* name : {"sys.config", "relup"}) {
      const std::string file = "releases/" + entry.name + "/" + name;
      if (files.is_file(host.path(kept(file)))) found.push_back(file);
    }
  }
  return found;
}

void restore_files(FileSystem& files, const Host& host) {
  for (const DirectoryEntry& entry : files.list(host.path("releases"))) {
    const std::string release = host.path("releases/" + entry.name);
    if (entry.type == FileType::directory) remove_unfinished_folders(files, release);
  }
  for (const std::string& each : unfinished_files(files, host)) {
    const std::string file = host.path(each);
    if (files.read(kept(file)).empty()) {
      files.remove_all(file);
      files.remove_all(kept(file));
    } else {
      files.rename(kept(file), file);
      // Two names of one file both stay (rename(2)): the agent had not replaced it yet.
      files.remove_all(kept(file));
    }
    files.sync_directory(parent_path(file));
  }
}

}  // namespace relup::host
