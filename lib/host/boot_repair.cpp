// SPDX-License-Identifier: Apache-2.0
#include "host/boot_repair.hpp"

#include <algorithm>
#include <set>

#include "base/replace_file.hpp"
#include "host/host.hpp"
#include "host/launcher.hpp"

namespace relup::host {
namespace {

using release::InstalledLibrary;
using release::InstalledRelease;
using release::ReleaseStatus;

Host host_of(const BootState& state) {
  return {state.root, "", {}, state.name};
}

bool could_boot(const BootState& state, const std::string& version) {
  const UnpackedRelease* release = state.find(version);
  return release != nullptr && release->can_boot();
}

// In the order in which they count where they are divided.
std::vector<std::string> votes(const BootState& state) {
  std::vector<std::string> found;
  const auto add = [&](const std::optional<std::string>& version) {
    if (version && could_boot(state, *version)) found.push_back(*version);
  };
  add(state.launched);
  if (state.start_erl_data) add(state.start_erl_data->version);
  add(state.permanent());
  return found;
}

std::string directory_of(const std::string& root, const UnpackedRelease& release,
                         const ListedLibrary& library, const InstalledRelease& line) {
  std::string own = library.directory();
  if (library.is_in_root) return release.brings_emulator ? own : join_path(root, own);
  for (const InstalledLibrary& each : line.libraries) {
    const bool is_same = each.name == library.name && each.version == library.version;
    if (is_same && each.directory.starts_with('/')) return each.directory;
  }
  return own;  // below the emulator's root
}

// Whether the list misses releases that it had.
enum class ListOf { node, file };
bool has_lost(const BootState& state, const std::vector<InstalledRelease>& list, ListOf whose) {
  const bool is_known = whose == ListOf::node;
  if (!is_known && state.releases_is != Legibility::whole) return true;
  return std::any_of(list.begin(), list.end(), [&](const InstalledRelease& each) {
    if (is_known) return each.libraries.empty();
    return each.libraries.empty() || state.find(each.version) == nullptr ||
           state.listed(each.version) != &each;
  });
}

// What a damaged file lists a second time was another release.
void drop_doubles(std::vector<InstalledRelease>& list) {
  std::set<std::string> seen;
  std::erase_if(list, [&](const auto& each) { return !seen.insert(each.version).second; });
}

void add_lost(const BootState& state, std::vector<InstalledRelease>& list) {
  for (const UnpackedRelease& each : state.unpacked) {
    const bool is_there = std::any_of(list.begin(), list.end(), [&](const auto& listed) {
      return listed.version == each.version;
    });
    if (is_there || !each.can_boot()) continue;
    const InstalledRelease* line = state.listed(each.version);
    InstalledRelease lost{each.name, each.version, {}, {}, ReleaseStatus::old};
    list.push_back(line == nullptr ? lost : *line);
  }
}

void set_permanent(const BootState& state, const std::string& permanent,
                   std::vector<InstalledRelease>& list) {
  bool is_there = false;
  for (InstalledRelease& each : list) {
    if (each.version == permanent) {
      each.status = ReleaseStatus::permanent;
      is_there = true;
    } else if (each.status == ReleaseStatus::permanent) {
      each.status = ReleaseStatus::old;
    }
  }
  if (!is_there)
    list.insert(list.begin(), {state.name, permanent, {}, {}, ReleaseStatus::permanent});
}

}  // namespace

std::optional<std::string> permanent_by_files(const BootState& state) {
  const std::vector<std::string> named = votes(state);
  for (const std::string& each : named) {
    if (std::count(named.begin(), named.end(), each) > 1) return each;
  }
  if (!named.empty()) return named.front();
  std::optional<std::string> only;
  for (const UnpackedRelease& each : state.unpacked) {
    if (!each.can_boot()) continue;
    if (only) return std::nullopt;
    only = each.version;
  }
  return only;
}

InstalledRelease entry_of(const std::string& root, const UnpackedRelease& release,
                          const InstalledRelease& line) {
  InstalledRelease entry{release.name, release.version, release.erts, {}, line.status};
  for (const ListedLibrary& each : release.libraries) {
    entry.libraries.push_back({each.name, each.version, directory_of(root, release, each, line)});
  }
  return entry;
}

std::vector<InstalledRelease> mended_releases(
    const BootState& state, const std::string& permanent,
    const std::optional<std::vector<InstalledRelease>>& known) {
  const bool is_lost =
      known ? has_lost(state, *known, ListOf::node) : has_lost(state, state.releases, ListOf::file);
  std::vector<InstalledRelease> list = known ? *known : state.releases;
  drop_doubles(list);
  if (is_lost) add_lost(state, list);
  set_permanent(state, permanent, list);
  std::vector<InstalledRelease> mended;
  for (const InstalledRelease& each : list) {
    const UnpackedRelease* release = state.find(each.version);
    const bool is_running = each.status == ReleaseStatus::current;
    if (release != nullptr) {
      mended.push_back(entry_of(state.called, *release, each));
    } else if (is_running || each.version == permanent) {
      mended.push_back(each);
    }
  }
  return mended;
}

std::vector<InstalledRelease> as_written(std::vector<InstalledRelease> releases) {
  for (InstalledRelease& each : releases) {
    if (each.status == ReleaseStatus::current) each.status = ReleaseStatus::unpacked;
  }
  return releases;
}

BootRepair repair_of(FileSystem& files, const BootState& state,
                     const std::vector<InstalledRelease>& releases) {
  BootRepair repair;
  if (state.releases_is != Legibility::whole || state.releases != as_written(releases))
    repair.releases = as_written(releases);
  for (const InstalledRelease& each : releases) {
    if (each.status != ReleaseStatus::permanent) continue;
    const UnpackedRelease* release = state.find(each.version);
    if (release == nullptr) continue;
    const release::StartErlData right{release->erts, each.version};
    if (state.start_erl_data != right) repair.start_erl_data = right;
    const std::string launcher = launcher_of(state.name, each.version);
    if (state.launched && *state.launched != each.version &&
        files.is_file(join_path(state.root, launcher))) {
      repair.launcher = each.version;
    }
  }
  return repair;
}

void make_repair(FileSystem& files, const BootState& state, const BootRepair& repair) {
  const Host host = host_of(state);
  if (repair.start_erl_data) {
    replace_file(files, host.start_erl_data(),
                 release::format_start_erl_data(*repair.start_erl_data));
  }
  if (repair.releases)
    replace_file(files, host.releases_file(), release::format_releases_file(*repair.releases));
  if (repair.launcher) switch_launcher(files, host, *repair.launcher);
}

}  // namespace relup::host
