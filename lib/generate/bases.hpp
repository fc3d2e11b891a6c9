// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bases: the old releases that one relup serves, each compared with the new one. Whatever is
// said or written about several of them goes by their versions, never by the order in which they
// were named.

#include <string>
#include <vector>

#include "diff/release_diff.hpp"
#include "plan/cold_changes.hpp"
#include "plan/release_plan.hpp"

namespace relup::generate {

struct Base {
  const release::ReleaseTree* release = nullptr;
  diff::ReleaseDiff diff;       // from it to the new release
  plan::ColdChanges cold;       // of that
  plan::ReleasePlan plan = {};  // points to `diff`
};

// Never grows or shrinks, for plans point into it.
using Bases = std::vector<Base>;

// By their versions, ascending. Plans are left empty.
Bases compare_bases(const std::vector<const release::ReleaseTree*>& old_releases,
                    const release::ReleaseTree& new_release);

const Base& find_base(const Bases& bases, const release::ReleaseTree& release);

// One entry of an appup serves all bases that have one version of the application.
struct AppupEntry {
  Atom application;
  std::string old_version;
  std::vector<const Base*> bases;  // not empty; in their order

  const diff::ApplicationChange& change_from(const Base& base) const;
};

// The entries that the appup of an application needs, by the first base of each.
std::vector<AppupEntry> entries_of(const Bases& bases, Atom application);

}  // namespace relup::generate
