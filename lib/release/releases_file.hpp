// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two files by which a release root knows its releases, as SASL's release_handler reads and
// writes them. `releases/RELEASES` lists all with their status; a node that cannot read it forgets
// them. `releases/start_erl.data` names the one that boots. Anything else in either is an Error
// (bad_input) that names the file and the place.

#include <optional>
#include <string>
#include <vector>

namespace relup::release {

// As stored. `current` only occurs in a running node, which stores it as `unpacked`.
enum class ReleaseStatus { unpacked, current, permanent, old, tmp_current };

std::string_view to_string(ReleaseStatus status);

struct InstalledLibrary {
  std::string name;
  std::string version;
  std::string directory;  // absolute, or relative to the release root
  bool operator==(const InstalledLibrary&) const = default;
};

struct InstalledRelease {
  std::string name;
  std::string version;
  std::optional<std::string> erts;  // none (`undefined`) in a list that release_handler made up
  std::vector<InstalledLibrary> libraries;
  ReleaseStatus status = ReleaseStatus::unpacked;
  bool operator==(const InstalledRelease&) const = default;
};

// `name` is the file's name in messages.
std::vector<InstalledRelease> parse_releases_file(const std::string& name, std::string bytes);
std::string format_releases_file(const std::vector<InstalledRelease>& releases);

struct StartErlData {
  std::string erts;
  std::string version;
  bool operator==(const StartErlData&) const = default;
};

// "ERTS VSN", where white space may follow, as hand-made files have it.
StartErlData parse_start_erl_data(const std::string& name, const std::string& bytes);
// Without a final newline, as release_handler writes it: start scripts read it whole.
std::string format_start_erl_data(const StartErlData& data);

}  // namespace relup::release
