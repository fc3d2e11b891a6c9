// SPDX-License-Identifier: Apache-2.0
#include "host/node_place.hpp"

#include <algorithm>

#include "release/releases_file.hpp"

namespace relup::host {
namespace {

std::optional<FileIdentity> identity_of(FileSystem& files, const std::string& path) {
  const std::optional<FileInfo> info = files.info(path);
  return info ? std::optional(info->identity) : std::nullopt;
}

// An installation of OTP keeps a RELEASES of its own, in which it is itself the release.
bool is_otp(FileSystem& files, const std::string& root) {
  const std::string path = join_path(root, "releases/RELEASES");
  const std::optional<std::string> text = files.read_if_exists(path);
  if (!text) return true;
  const auto releases = release::parse_releases_file(path, *text);
  return std::any_of(releases.begin(), releases.end(),
                     [](const auto& each) { return each.name == "Erlang/OTP"; });
}

}  // namespace

NodeRoot root_of(FileSystem& files, const Host& host, const NodePlace& place) {
  if (!place.root.identity) return NodeRoot::gone;
  return place.root.identity == identity_of(files, host.root) ? NodeRoot::this_one
                                                              : NodeRoot::another;
}

ReleasesFolder releases_folder_of(FileSystem& files, const Host& host, const NodePlace& place) {
  if (!place.releases) return ReleasesFolder::unknown;
  const std::optional<FileIdentity> ours = identity_of(files, host.path("releases"));
  if (place.releases->identity == ours) return ReleasesFolder::of_this_root;
  if (place.releases->path != join_path(place.emulator.path, "releases"))
    return ReleasesFolder::chosen;
  return is_otp(files, place.emulator.path) ? ReleasesFolder::of_otp
                                            : ReleasesFolder::of_another_root;
}

std::string root_on_node(const Host& host, const NodePlace& place) {
  const bool is_same_path = place.named.identity && place.named.identity == place.root.identity;
  return is_same_path || !place.root.identity ? host.root : place.root.path;
}

}  // namespace relup::host
