// SPDX-License-Identifier: Apache-2.0
#include "host/ownership.hpp"

#include "base/replace_file.hpp"

namespace relup::host {
namespace {

// Whether `owner` is sure to be refused; of groups nothing is known here.
bool may_not_write(std::uint32_t owner, const FileInfo& info) {
  constexpr unsigned group_or_others_write = 022;
  return owner != root_user && owner != info.owner && (info.mode & group_or_others_write) == 0;
}

}  // namespace

std::optional<User> user_to_become(FileSystem& files, const std::string& root, std::uint32_t caller,
                                   const std::optional<User>& node) {
  if (caller != root_user) return std::nullopt;
  if (node) return node->id == root_user ? std::nullopt : node;
  const auto info = files.info(root);
  if (!info || info->owner == root_user) return std::nullopt;
  return user_with_id(info->owner, info->group);
}

void take_over_files(FileSystem& files, const Host& host) {
  const auto folder = files.info(host.path("releases"));
  if (!folder) return;
  for (const std::string& path : {host.releases_file(), host.start_erl_data()}) {
    const auto file = files.info(path);
    if (file && may_not_write(folder->owner, *file)) replace_file(files, path, files.read(path));
  }
}

std::optional<ForeignFolder> foreign_folder(FileSystem& files, const std::string& path) {
  const auto own = files.info(path);
  const auto above = files.info(parent_path(path));
  if (!own || !above || !may_not_write(above->owner, *own)) return std::nullopt;
  return ForeignFolder{path, own->owner, above->owner};
}

}  // namespace relup::host
