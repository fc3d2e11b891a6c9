// SPDX-License-Identifier: Apache-2.0
#include "base/nearest_name.hpp"
#include "lint/rule.hpp"
#include "lint/rule_list.hpp"

namespace relup::lint {
namespace {

std::string meant_by(const std::string& text) {
  std::vector<std::string> names;
  for (const Rule* rule : all_rules())
    names.emplace_back(rule->name);
  return nearest_name(text, names);
}

void check(const AllowanceView& view, Findings& findings) {
  const Allowance& allowance = view.allowance;
  if (allowance.rules.empty()) {
    Diagnostic& finding =
        findings.add(view.source, allowance.comment, "this allowance does not name a rule");
    finding.notes.emplace_back("write `%% relup:allow RULE WHY`; `relup rules` lists the rules");
  }
  for (const AllowedRule& named : allowance.rules) {
    if (named.rule != nullptr) continue;
    Diagnostic& finding =
        findings.add(view.source, named.span, "there is no rule `" + named.text + "` to allow");
    const std::string meant = meant_by(named.text);
    finding.notes.emplace_back(meant.empty() ? "`relup rules` lists the rules"
                                             : "did you mean `" + meant + "`?");
  }
}

}  // namespace

extern const Rule unknown_allowance{
    .code = "RU903",
    .name = "unknown-allowance",
    .severity = Severity::warning,
    .summary = "a comment allows a rule that does not exist",
    .page = {.what = "A comment `%% relup:allow RULE` whose RULE is neither the code nor the name "
                     "of a rule, or which names none.",
             .why = "It allows nothing: the finding that it was written for is still reported, or "
                    "comes back with the next change.",
             .wrong = R"({"2.0",
 [{"1.0", [restart]}],  %% relup:allow obsolet-restart our own release handler knows it
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [restart]}],  %% relup:allow obsolete-restart our own release handler knows it
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Allowances cannot be allowed in the file; relup.yaml can turn the rule off "
                      "(`findings: {unknown-allowance: off}`).",
             .allowed_by = AllowedBy::policy},
    .check_allowance = check,
};

}  // namespace relup::lint
