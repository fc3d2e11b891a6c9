// SPDX-License-Identifier: Apache-2.0
#pragma once

// All rules, in the order of their codes. A rule is one file in rules/GROUP/, named like the rule;
// the build makes the list of them from the folder (CMakeLists.txt), so that none can be forgotten.

#include <string_view>
#include <vector>

#include "lint/rule.hpp"

namespace relup::lint {

const std::vector<const Rule*>& all_rules();

// The same in the order of their files, as the build has found them.
std::vector<const Rule*> rules_of_the_folder();

// By code or name, in any case of letters; null where there is none.
const Rule* find_rule(std::string_view code_or_name);

// The rule that a finding of `compile` belongs to; null where there is none.
const Rule* rule_of_compiler(std::string_view compiler_rule);

}  // namespace relup::lint
