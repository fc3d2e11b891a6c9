// SPDX-License-Identifier: Apache-2.0
#pragma once

// Holds appups and relups to the rules (rules.hpp), and, where two releases are named, also against
// those: their modules, and the script that leads from one to the other, run in the simulator.
// Nothing is written and nothing is run.

#include <functional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/file_system.hpp"
#include "policy/policy.hpp"
#include "release/release_tree.hpp"

namespace relup::lint {

// A file to look at, by the name that findings call it.
struct LintFile {
  std::string name;
  std::string bytes;
  // Of an appup: of its application, as the .app file beside it says; empty where there is none.
  std::string application_version = {};
};

struct LintRequest {
  std::vector<LintFile> appups;
  std::vector<LintFile> relups;
  // The releases to hold them against; none, or several to come from and one to go to. Appups that
  // are not among `appups` are taken from `to`, but not looked at by themselves; those of another
  // version of their application than that in `to` are looked at by themselves only.
  std::vector<const release::ReleaseTree*> from;
  const release::ReleaseTree* to = nullptr;
  policy::Policy policy;
  OtpVersion otp;
};

struct LintResult {
  Diagnostics findings;     // by file, in the order of the request, then by place
  std::size_t files = 0;    // that were looked at
  std::size_t allowed = 0;  // findings that comments allow (allowance.hpp)
};

LintResult run_lint(const LintRequest& request);
// The findings alone.
Diagnostics lint(const LintRequest& request);

// The appups and relups that `path` names: a file, or those below a directory. A path that names
// none is an Error (usage).
void find_files(FileSystem& files, const std::string& path, LintRequest& request);

}  // namespace relup::lint
