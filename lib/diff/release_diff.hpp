// SPDX-License-Identifier: Apache-2.0
#pragma once

// What changed between two releases, and why we say so: a value. Nothing of either release is run.
// in_words.hpp has the words for it.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"
#include "diff/module_change.hpp"
#include "diff/settings.hpp"
#include "release/release_tree.hpp"

namespace relup::diff {

enum class ApplicationStatus { added, removed, upgraded, downgraded, unchanged };
std::string_view to_string(ApplicationStatus status);

// What of an application a running one cannot take over.
struct ChangedLibrary {
  std::string file;  // a native library, below its priv directory
};
struct ChangedStartModule {
  Term old_module;  // [] for a library application
  Term new_module;
};
using FixedAtStart = std::variant<ChangedLibrary, ChangedStartModule>;

// What else differs of it besides its code.
struct ApplicationDetail {
  enum class Kind {
    needs,
    includes,
    start,
    environment,
    registered_names,
    private_files,
    missing_module,   // that its .app file lists
    unlisted_module,  // that it does not list
  };
  Kind kind;
  NameChanges names;           // of all but the last two
  std::optional<Atom> module;  // of those
};

struct ApplicationChange {
  Atom name;
  ApplicationStatus status = ApplicationStatus::unchanged;
  std::string old_version;  // empty for an added application
  std::string new_version;  // empty for a removed one
  std::vector<ModuleChange>
      modules;  // sorted by name; modules without any difference are not listed
  std::vector<ApplicationDetail> details;
  std::vector<FixedAtStart> fixed_at_start;
  bool is_of_system = false;  // of the OTP on the host

  bool has_code_changes() const;  // anything but rebuilt modules
  bool is_in_both() const;
  bool changes_version() const;  // it is in both releases, in two versions
  bool differs() const;          // in anything at all
};

struct ReleaseIdentity {
  std::string name;
  std::string version;
  std::string erts;
};

struct ReleaseDiff {
  ReleaseIdentity old_release;
  ReleaseIdentity new_release;
  std::vector<ApplicationChange>
      applications;                     // in the order of the new release, removed ones last
  std::vector<ModuleChange> protocols;  // of releases/VSN/consolidated, as modules
  std::vector<SettingsChange> settings;
  std::vector<ConfigurationChange> configuration;  // of sys.config
  Diagnostics findings;                            // what would break an upgrade

  bool is_empty() const;
  // Null for an application that neither release has.
  const ApplicationChange* find(Atom application) const;
};

ReleaseDiff compare_releases(const release::ReleaseTree& old_release,
                             const release::ReleaseTree& new_release);

// Versions by their numbers: 1.10 is above 1.9, and 1.0-rc.1 is below 1.0.
std::strong_ordering compare_versions(std::string_view left, std::string_view right);

}  // namespace relup::diff
