// SPDX-License-Identifier: Apache-2.0
#pragma once

// What changed between two releases, and why we say so: a value. Nothing of either release is run.

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "diff/module_change.hpp"
#include "diff/settings.hpp"
#include "release/release_tree.hpp"

namespace relup::diff {

enum class ApplicationStatus { added, removed, upgraded, downgraded, unchanged };
std::string_view to_string(ApplicationStatus status);

struct ApplicationChange {
  Atom name;
  ApplicationStatus status = ApplicationStatus::unchanged;
  std::string from;  // version, empty for an added application
  std::string to;
  std::vector<ModuleChange>
      modules;  // sorted by name; modules without any difference are not listed
  std::vector<std::string> details;  // what else differs, in words
  // What of that a running application cannot take over, in words: "priv/shop.so changed".
  std::vector<std::string> fixed_at_start;
  bool is_of_system = false;  // of the OTP on the host

  bool has_code_changes() const;  // anything but rebuilt modules
  bool changes_version() const;   // it is in both releases, in two versions
  bool differs() const;           // in anything at all
};

struct ReleaseIdentity {
  std::string name;
  std::string version;
  std::string erts;
};

struct ReleaseDiff {
  ReleaseIdentity from;
  ReleaseIdentity to;
  std::vector<ApplicationChange>
      applications;                     // in the order of the new release, removed ones last
  std::vector<ModuleChange> protocols;  // of releases/VSN/consolidated, as modules
  std::vector<std::string> settings;    // what differs of the release's own files, in words
  std::vector<ConfigurationChange> configuration;  // of sys.config
  Diagnostics findings;                            // what would break an upgrade

  bool is_empty() const;
};

ReleaseDiff compare_releases(const release::ReleaseTree& from, const release::ReleaseTree& to);

// Versions by their numbers: 1.10 is above 1.9, and 1.0-rc.1 is below 1.0.
std::strong_ordering compare_versions(std::string_view left, std::string_view right);

}  // namespace relup::diff
