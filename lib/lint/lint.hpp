// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks appups and relups with all rules (rule.hpp). Where two releases are named, it checks them
// against those, too: their modules, and the script that leads from one to the other, run in the
// simulator. Nothing is written, and nothing is run. What is wrong with the files is a finding;
// a release that cannot be read is an Error.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "policy/policy.hpp"
#include "release/release_tree.hpp"

namespace relup::lint {

class ComparedReleases;

struct LintFile {
  std::string name;  // as findings have it
  std::string bytes;
  // Of an appup: the version of its application by the .app file beside it; empty where there is
  // none.
  std::string application_version = {};
  // Of an appup whose name does not tell its application (appup.exs); empty for all others.
  std::string application = {};
};

struct LintRequest {
  std::vector<LintFile> appups;
  std::vector<LintFile> relups;
  // The old releases, and the new one; none at all where the files are checked alone. An appup is
  // checked against them when it is for the version that its application has in `to`. Where
  // `appups` has none for an application, the script is made with the one that lies in `to`, which
  // is not checked itself.
  std::vector<const release::ReleaseTree*> from;
  const release::ReleaseTree* to = nullptr;
  policy::Policy policy;
  OtpVersion otp;
};

struct LintResult {
  Diagnostics findings;     // by file, in the order of the request, then by place
  std::size_t files = 0;    // that were checked
  std::size_t allowed = 0;  // findings that comments allow (allowance.hpp)
};

LintResult run_lint(const LintRequest& request);
// The same for a caller that has compared the releases of the request already
// (compared_releases.hpp).
LintResult run_lint(const LintRequest& request, ComparedReleases& releases);

// The findings alone.
Diagnostics lint(const LintRequest& request);

}  // namespace relup::lint
