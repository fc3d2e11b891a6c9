// SPDX-License-Identifier: Apache-2.0
#include "host/removal.hpp"

#include <set>

#include "base/error.hpp"
#include "host/launcher.hpp"

namespace relup::host {
namespace {

using release::InstalledRelease;

struct Parts {
  std::set<std::string> libraries;
  std::set<std::string> emulators;
};

// A name with a slash would lead elsewhere.
void add(Parts& parts, const std::string& library) {
  if (library.find('/') == std::string::npos) parts.libraries.insert("lib/" + library);
}

void add(Parts& parts, const UnpackedRelease& release) {
  parts.emulators.insert("erts-" + release.erts);
  for (const ListedLibrary& each : release.libraries)
    add(parts, each.name + "-" + each.version);
}

void add(Parts& parts, const InstalledRelease& release) {
  if (release.erts) parts.emulators.insert("erts-" + *release.erts);
  for (const release::InstalledLibrary& each : release.libraries)
    add(parts, each.name + "-" + each.version);
}

// A link to a directory is not one: what it leads to may lie elsewhere.
bool is_real_directory(FileSystem& files, const std::string& path) {
  const auto info = files.link_info(path);
  return info && info->type == FileType::directory;
}

}  // namespace

std::vector<std::string> Removal::folders() const {
  std::vector<std::string> all{release};
  all.insert(all.end(), libraries.begin(), libraries.end());
  return all;
}

Removal removal_of(FileSystem& files, const BootState& state,
                   const std::vector<InstalledRelease>& releases, const std::string& version) {
  Parts own;
  Parts kept;
  for (const UnpackedRelease& each : state.unpacked)
    add(each.version == version ? own : kept, each);
  for (const InstalledRelease& each : releases)
    add(each.version == version ? own : kept, each);
  Removal removal{{}, {}, launcher_of(state.name, version), "releases/" + version};
  for (const std::string& each : own.libraries) {
    const std::string path = join_path(state.root, each);
    if (kept.libraries.contains(each) || !files.link_info(path)) continue;
    if (is_real_directory(files, join_path(state.root, "lib"))) removal.libraries.push_back(each);
  }
  for (const std::string& each : own.emulators) {
    if (!kept.emulators.contains(each) && each.find('/') == std::string::npos &&
        is_real_directory(files, join_path(state.root, each))) {
      removal.emulator = each;
    }
  }
  return removal;
}

}  // namespace relup::host
