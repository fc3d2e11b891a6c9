// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the files that decide which release boots are made to agree: on one release, which is
// permanent. What a release is, its .rel file says; RELEASES is made from those of the releases
// that it lists, and of all that could boot where it has lost any. Its paths are relative to the
// root, so that a root that is moved or copied goes on working; a release without an emulator of
// its own, whose paths the release handler takes from the system's OTP, has absolute ones.

#include <optional>
#include <string>
#include <vector>

#include "host/boot_state.hpp"

namespace relup::host {

// The permanent release by the files alone: that which most of launcher, start_erl.data and
// RELEASES name. Where they are divided, what a start boots; where none of them helps, the only
// release that can boot. None when nothing decides.
std::optional<std::string> permanent_by_files(const BootState& state);

// The line of RELEASES for a release in the root: its .rel file, and the name, status and odd
// directories (of libraries that are not in the root) of the line that is there.
release::InstalledRelease entry_of(const std::string& root, const UnpackedRelease& release,
                                   const release::InstalledRelease& line);

// The releases as they should be listed, with `permanent`, which must be unpacked. `known` is what
// the node knows, where there is one to ask; it counts instead of the file, and one that is
// installed and not committed stays `current`.
std::vector<release::InstalledRelease> mended_releases(
    const BootState& state, const std::string& permanent,
    const std::optional<std::vector<release::InstalledRelease>>& known = {});

// Of such a list, what RELEASES says: to the file an uncommitted release is an unpacked one.
std::vector<release::InstalledRelease> as_written(std::vector<release::InstalledRelease> releases);

// What would have to be written; nothing where all is right.
struct BootRepair {
  std::optional<std::vector<release::InstalledRelease>> releases;  // RELEASES
  std::optional<release::StartErlData> start_erl_data;
  std::optional<std::string> launcher;  // bin/NAME becomes a copy of that of this version
  bool is_needed() const { return releases || start_erl_data || launcher; }
};

// Towards `releases`, as mended_releases makes them. A launcher that cannot be replaced, since that
// of the version is missing, is left alone.
BootRepair repair_of(FileSystem& files, const BootState& state,
                     const std::vector<release::InstalledRelease>& releases);

// Writes it, each file in one step and synced. In the order of a commit: start_erl.data, RELEASES,
// launcher.
void make_repair(FileSystem& files, const BootState& state, const BootRepair& repair);

}  // namespace relup::host
