// SPDX-License-Identifier: Apache-2.0
#pragma once

// What changed between two releases, and why we say so: a value. A module has changed when its code
// identity has (beam/code_identity.hpp); one that was compiled anew into the same code is `rebuilt`
// and needs no upgrade. Nothing of either release is run.

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "diff/module_facts.hpp"
#include "diff/state_shape.hpp"
#include "release/release_tree.hpp"

namespace relup::diff {

enum class ApplicationStatus { added, removed, upgraded, downgraded, unchanged };
enum class ModuleStatus { added, removed, changed, rebuilt, moved };

std::string_view to_string(ApplicationStatus status);
std::string_view to_string(ModuleStatus status);

struct ModuleChange {
  Atom name;
  ModuleStatus status = ModuleStatus::changed;
  std::vector<std::string> reasons;      // why, in words
  std::optional<ModuleFacts> old_facts;  // none of an added module
  std::optional<ModuleFacts> new_facts;  // none of a removed module
  // Where the state that its processes hold has another shape than before.
  std::optional<StateChange> state_change = std::nullopt;
};

struct ApplicationChange {
  Atom name;
  ApplicationStatus status = ApplicationStatus::unchanged;
  std::string from;  // version, empty for an added application
  std::string to;
  std::vector<ModuleChange>
      modules;  // sorted by name; modules without any difference are not listed

  bool has_code_changes() const;  // anything but rebuilt modules
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
      applications;      // in the order of the new release, removed ones last
  Diagnostics findings;  // what would break an upgrade

  bool is_empty() const;
};

ReleaseDiff compare_releases(const release::ReleaseTree& from, const release::ReleaseTree& to);

// Versions by their numbers: 1.10 is above 1.9, and 1.0-rc.1 is below 1.0.
std::strong_ordering compare_versions(std::string_view left, std::string_view right);

}  // namespace relup::diff
