// SPDX-License-Identifier: Apache-2.0
#pragma once

// All rules, in the order of their codes. A rule is one file, rules/GROUP/NAME.cpp, which defines
// `extern const Rule NAME`. The build makes the list from the folder (CMakeLists.txt), so that no
// rule can be forgotten.

#include <string_view>
#include <vector>

#include "lint/rule.hpp"

namespace relup::lint {

const std::vector<const Rule*>& all_rules();

// A rule and where its file is.
struct RuleFile {
  const Rule* rule;
  std::string_view folder;  // "grammar"
  std::string_view name;    // "bad_instruction"
};

// In the order in which the build found them.
std::vector<RuleFile> rule_files();

// By code or name, upper or lower case; null where there is none.
const Rule* find_rule(std::string_view code_or_name);

// The rule that a finding of `compile` belongs to; null where there is none.
const Rule* rule_of_compiler(std::string_view compiler_rule);

}  // namespace relup::lint
