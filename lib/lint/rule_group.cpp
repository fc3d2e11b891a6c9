// SPDX-License-Identifier: Apache-2.0
#include "lint/rule_group.hpp"

namespace relup::lint {

RuleGroup group_of(const Rule& rule) {
  switch (rule.code.size() > 2 ? rule.code[2] : '\0') {
    case '0':
      return RuleGroup::grammar;
    case '1':
      return RuleGroup::versions;
    case '2':
      return RuleGroup::completeness;
    case '3':
      return RuleGroup::purge;
    case '4':
      return RuleGroup::processes;
    case '5':
      return RuleGroup::state;
    case '6':
      return RuleGroup::apply;
    case '7':
      return RuleGroup::simulation;
    default:
      return RuleGroup::allowances;
  }
}

std::string_view to_string(RuleGroup group) {
  switch (group) {
    case RuleGroup::grammar:
      return "grammar";
    case RuleGroup::versions:
      return "versions";
    case RuleGroup::completeness:
      return "completeness";
    case RuleGroup::purge:
      return "purge";
    case RuleGroup::processes:
      return "processes";
    case RuleGroup::state:
      return "state";
    case RuleGroup::apply:
      return "apply";
    case RuleGroup::simulation:
      return "simulation";
    case RuleGroup::allowances:
      break;
  }
  return "allowances";
}

}  // namespace relup::lint
