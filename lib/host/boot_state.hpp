// SPDX-License-Identifier: Apache-2.0
#pragma once

// What decides which release of a root boots, read at once: the launcher bin/NAME,
// releases/start_erl.data, releases/RELEASES, and the releases that lie in releases/VSN with their
// .rel and boot files. A file that is missing or damaged is a fact like any other; only what the
// operating system refuses is an Error. Nothing is changed, and no node is asked.

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "release/releases_file.hpp"

namespace relup::host {

// How a file could be read. A torn one does not say what such a file says.
enum class Legibility { whole, missing, empty, torn };

enum class BootFile { whole, missing, torn, of_another_release };

// An application of a release, as its .rel file lists it.
struct ListedLibrary {
  std::string name;
  std::string version;
  bool is_loaded = true;   // not one of start type `none`
  bool is_in_root = true;  // ROOT/lib/NAME-VERSION is there

  std::string directory() const { return "lib/" + name + "-" + version; }
};

// A release in releases/VSN that has a .rel file.
struct UnpackedRelease {
  std::string name;
  std::string version;
  std::string erts;
  bool brings_emulator = true;  // else it runs on the system's OTP, which has libraries of its own
  std::vector<ListedLibrary> libraries;
  BootFile boot_file = BootFile::whole;

  // The first of its libraries that is nowhere; null when all are there.
  const ListedLibrary* missing_library() const;
  bool can_boot() const { return boot_file == BootFile::whole && missing_library() == nullptr; }
};

struct BootState {
  std::string root;    // absolute
  std::string called;  // the same as its node names it: in a container that may differ
  std::string name;    // of the release, "shop"; empty where no release is there
  std::optional<std::string> launched;  // the version that the text of bin/NAME names
  Legibility start_erl_data_is = Legibility::missing;
  std::optional<release::StartErlData> start_erl_data;  // when whole
  Legibility releases_is = Legibility::missing;
  std::vector<release::InstalledRelease> releases;  // of RELEASES, when whole
  std::vector<UnpackedRelease> unpacked;            // by version

  const UnpackedRelease* find(const std::string& version) const;
  const release::InstalledRelease* listed(const std::string& version) const;
  // What a start boots: what the launcher names, else start_erl.data; none when that is damaged.
  std::optional<std::string> boots() const;
  // The one that RELEASES calls permanent; none when there is none, or more than one.
  std::optional<std::string> permanent() const;
};

BootState read_boot_state(FileSystem& files, const std::string& root);
// The same, of a root whose unpacked releases have not changed since: those of `before`.
BootState read_boot_state_again(FileSystem& files, const BootState& before);

}  // namespace relup::host
