// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes the fixes that findings carry, in memory. Fixes are made only if lint, asked again, finds
// less than before and nothing new (fix_objection.hpp). So what was right stays right, and a second
// run finds nothing to do. Fixes that overlap are made one after the other. Releases are compared
// once, however often lint is asked.

#include <string>
#include <vector>

#include "lint/lint.hpp"

namespace relup::lint {

struct FixedFile {
  std::string name;
  std::string before;
  std::string after;
};

// A fix that was not made.
struct LeftOutFix {
  Diagnostic finding;
  std::string why;
};

struct FixResult {
  std::vector<FixedFile> files;  // those that change, in the order of the request
  std::size_t fixed = 0;         // how many fixes were made
  std::vector<LeftOutFix> left_out;
  LintResult found;      // what lint finds in the files as they are
  LintResult remaining;  // and as they would be
};

FixResult fix(LintRequest request);

// Writes the files, each in one step (replace_file.hpp). A file that has changed since it was read
// is an Error (bad_input); then nothing is written.
void write_fixed(FileSystem& files, const std::vector<FixedFile>& fixed);

}  // namespace relup::lint
