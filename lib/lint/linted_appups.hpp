// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the compiler gets the appups of an upgrade from when it runs for the linter: those that are
// linted, and from the new release those of the other applications.

#include <map>
#include <vector>

#include "lint/appup_view.hpp"
#include "lint/release_pair.hpp"
#include "relup/appup_scripts.hpp"

namespace relup::lint {

class LintedAppups final : public AppupSource {
 public:
  // `tree` must outlive the object.
  LintedAppups(const release::ReleaseTree& tree, OtpVersion otp) : tree_(tree), otp_(otp) {}

  void add(const AppupView& view) { views_.insert_or_assign(view.application, view); }

  const appup::Appup* find(const release::Application& application, Problems& problems) override;

  // The entries that serve the upgrade, of all its applications, in both directions. They live as
  // long as the object.
  std::vector<const EntryView*> entries(const ReleasePair& releases);

 private:
  const AppupView* view(Atom application, Problems& problems);

  const release::ReleaseTree& tree_;
  OtpVersion otp_;
  std::map<Atom, AppupView> views_;
};

}  // namespace relup::lint
