// SPDX-License-Identifier: Apache-2.0
#pragma once

// The groups that rules come in, one folder of rules/ each. The third character of a rule's code
// says its group: RU4xx are the rules on processes.

#include <string_view>

#include "lint/rule.hpp"

namespace relup::lint {

enum class RuleGroup {
  grammar,
  versions,
  completeness,
  purge,
  processes,
  state,
  apply,
  simulation,
  allowances,
};

RuleGroup group_of(const Rule& rule);
// "grammar"; also the name of the folder.
std::string_view to_string(RuleGroup group);

}  // namespace relup::lint
