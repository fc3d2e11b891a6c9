// SPDX-License-Identifier: Apache-2.0
#pragma once

// The appups that the compiler takes when it runs for the linter: those that are linted, and for
// all other applications those of the new release.

#include <map>
#include <vector>

#include "lint/parsed_appup.hpp"
#include "lint/release_appups.hpp"
#include "lint/release_pair.hpp"
#include "relup/appup_scripts.hpp"

namespace relup::lint {

class LintedAppups final : public AppupSource {
 public:
  // `others` must outlive the object.
  explicit LintedAppups(ReleaseAppups& others) : others_(others) {}

  // `appup` must outlive the object. Of two for one application the last one counts.
  void add(const ParsedAppup& appup) { linted_[appup.application] = &appup; }

  const appup::Appup* find(const release::Application& application, Problems& problems) override;

  // The entries of all applications that serve the upgrade, in both directions.
  std::vector<const ParsedEntry*> entries(const ReleasePair& releases);

 private:
  // Null, and a problem, where there is none.
  const ParsedAppup* find(Atom application, Problems& problems);

  ReleaseAppups& others_;
  std::map<Atom, const ParsedAppup*> linted_;
};

}  // namespace relup::lint
