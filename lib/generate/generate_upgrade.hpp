// SPDX-License-Identifier: Apache-2.0
#pragma once

// From release trees to the files that an upgrade needs: the appup of every application whose
// version differs, and the relup, for one or several releases to come from and to go back to.
// Nothing is written. What comes out hangs on which releases are named, not on their order; only
// the entries of the relup follow that, as systools has it. An appup that a person wrote wins over
// a generated one; one that a person edited keeps the edits (merge/merge_appup.hpp).

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"
#include "plan/plan_scripts.hpp"
#include "relup/script.hpp"

namespace relup::generate {

// An appup that somebody has written or edited.
struct EditedAppup {
  enum class Use {
    as_it_is,  // a source of its own
    merge,     // what generate wrote before: it is brought up to date, and keeps the edits
  };
  std::string file;
  std::string text;
  Use use = Use::as_it_is;
};

struct GenerateRequest {
  std::vector<const release::ReleaseTree*> old_releases;
  const release::ReleaseTree* new_release = nullptr;
  plan::RebuiltModules rebuilt = plan::RebuiltModules::leave;
  // The edited appup of an application of the new release, if there is one. May be empty.
  std::function<std::optional<EditedAppup>(const release::TreeApplication&)> edited_appup;
  OtpVersion otp;
  policy::Policy policy;
};

struct GeneratedAppup {
  Atom application;
  std::string version;
  std::string text = {};
  bool is_edited = false;   // somebody's own
  bool is_merged = false;   // an edited one, whose text here is newer than that in its file
  std::string origin = {};  // of an edited one: the file
};

// Why the entry of an appup is as it is.
struct DecidedEntry {
  Atom application;
  std::string old_version;  // of the application
  std::string new_version;
  plan::Decisions decisions;
};

struct Generated {
  std::vector<GeneratedAppup> appups;
  std::vector<DecidedEntry> entries;  // of those that relup has a say in
  std::optional<Relup> relup;         // none when there are errors
  Diagnostics diagnostics;            // errors first
};

// Where only a restart of the emulator would do, and the policy does not ask for one, an Error
// (needs_restart) that says why.
Generated generate_upgrade(const GenerateRequest& request);

}  // namespace relup::generate
