// SPDX-License-Identifier: Apache-2.0
#pragma once

// The releases of a request, each old one compared with the new one. Comparing reads every module,
// so whoever lints several times over the same releases makes this once (fix.hpp). What is found
// out about a module or an appup of the releases is kept here, too.

#include <deque>
#include <optional>

#include "lint/lint.hpp"
#include "lint/release_appups.hpp"
#include "lint/release_pair.hpp"

namespace relup::lint {

class ComparedReleases {
 public:
  // The policy of the request, and what it points to, must outlive the object.
  explicit ComparedReleases(const LintRequest& request);

  // In the order of `LintRequest::from`.
  const std::deque<ReleasePair>& pairs() const { return pairs_; }
  // Those of the new release; only where there is one.
  ReleaseAppups& new_appups() { return *new_appups_; }

 private:
  std::deque<ReleasePair> pairs_;
  std::optional<ReleaseAppups> new_appups_;
};

}  // namespace relup::lint
