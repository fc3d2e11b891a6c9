// SPDX-License-Identifier: Apache-2.0
#pragma once

// All rules, in the order of their codes.

#include <string_view>
#include <vector>

#include "lint/rule.hpp"

namespace relup::lint {

const std::vector<const Rule*>& all_rules();

// By code or name, in any case of letters; null where there is none.
const Rule* find_rule(std::string_view code_or_name);

// The rule that a finding of `compile` belongs to; null where there is none.
const Rule* rule_of_compiler(std::string_view compiler_rule);

}  // namespace relup::lint
