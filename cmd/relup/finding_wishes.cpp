// SPDX-License-Identifier: Apache-2.0
#include "finding_wishes.hpp"

#include "base/error.hpp"
#include "base/nearest_name.hpp"
#include "generate/finding_names.hpp"
#include "lint/rule_list.hpp"

namespace relup::cmd {
namespace {

bool is_known(const std::string& name) {
  return lint::find_rule(name) != nullptr || lint::rule_of_compiler(name) != nullptr ||
         generate::find_finding(name) != nullptr || name == "erts-version-changed";
}

std::string nearest(const std::string& name) {
  std::vector<std::string> names;
  for (const lint::Rule* rule : lint::all_rules()) {
    names.emplace_back(rule->name);
    names.emplace_back(rule->code);
  }
  for (const generate::FindingName& finding : generate::finding_names())
    names.emplace_back(finding.name);
  return nearest_name(name, names);
}

}  // namespace

void require_known_findings(const policy::Policy& policy) {
  for (const policy::FindingWish& wish : policy.wishes().findings) {
    if (is_known(wish.rule)) continue;
    const std::string meant = nearest(wish.rule);
    throw Error(ErrorCode::usage,
                "`findings` in relup.yaml names `" + wish.rule + "`, and there is no such finding")
        .with_hint(meant.empty() ? "`relup rules` lists the rules of lint"
                                 : "is `" + meant + "` meant?");
  }
}

}  // namespace relup::cmd
