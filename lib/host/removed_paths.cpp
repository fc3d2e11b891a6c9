// SPDX-License-Identifier: Apache-2.0
#include "host/removed_paths.hpp"

#include "host/journal.hpp"

namespace relup::host {
namespace {

std::string trash_of(const std::string& root) {
  return own_directory(root) + "/trash";
}

// Whoever moved it away before may have been killed before that was synced.
void sync_parent(FileSystem& files, const std::string& path) {
  const std::string parent = parent_path(path);
  if (!files.link_info(path) && files.is_directory(parent)) files.sync_directory(parent);
}

}  // namespace

void remove_paths(FileSystem& files, const std::string& root,
                  const std::vector<std::string>& paths) {
  for (const std::string& each : paths)
    sync_parent(files, join_path(root, each));
  empty_trash(files, root);
  int count = 0;
  for (const std::string& each : paths) {
    const std::string path = join_path(root, each);
    if (!files.link_info(path)) continue;
    if (count == 0) make_own_directory(files, root, "trash");
    files.rename(path, trash_of(root) + "/" + std::to_string(++count));
    files.sync_directory(parent_path(path));
  }
  if (count > 0) empty_trash(files, root);
}

bool empty_trash(FileSystem& files, const std::string& root) {
  if (!files.link_info(trash_of(root))) return false;
  files.remove_all(trash_of(root));
  return true;
}

}  // namespace relup::host
