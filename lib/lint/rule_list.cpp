// SPDX-License-Identifier: Apache-2.0
#include "lint/rule_list.hpp"

#include <algorithm>
#include <cctype>

namespace relup::lint {
namespace {

bool same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

template <typename Fits>
const Rule* find_if(Fits fits) {
  const auto& rules = all_rules();
  const auto found = std::find_if(rules.begin(), rules.end(), fits);
  return found == rules.end() ? nullptr : *found;
}

}  // namespace

const std::vector<const Rule*>& all_rules() {
  static const std::vector<const Rule*> rules = [] {
    std::vector<const Rule*> sorted;
    for (const RuleFile& file : rule_files())
      sorted.push_back(file.rule);
    std::sort(sorted.begin(), sorted.end(),
              [](const Rule* left, const Rule* right) { return left->code < right->code; });
    return sorted;
  }();
  return rules;
}

const Rule* find_rule(std::string_view code_or_name) {
  return find_if([&](const Rule* rule) {
    return same_name(rule->code, code_or_name) || same_name(rule->name, code_or_name);
  });
}

const Rule* rule_of_compiler(std::string_view compiler_rule) {
  return find_if([&](const Rule* rule) {
    const auto& names = rule->compiler_rules;
    return std::find(names.begin(), names.end(), compiler_rule) != names.end();
  });
}

}  // namespace relup::lint
