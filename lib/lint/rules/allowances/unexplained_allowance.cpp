// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {
namespace {

void check(const AllowanceView& view, Findings& findings) {
  const Allowance& allowance = view.allowance;
  if (allowance.rules.empty() || !allowance.reason.empty()) return;
  Diagnostic& finding = findings.add(view.source, allowance.comment,
                                     "this allowance does not say why the finding is all right");
  finding.notes.emplace_back("write the reason behind the rule: `%% relup:allow " +
                             allowance.rules.back().text + " WHY`");
}

}  // namespace

extern const Rule unexplained_allowance{
    .code = "RU902",
    .name = "unexplained-allowance",
    .severity = Severity::note,
    .summary = "a comment allows a finding and does not say why",
    .page = {.what = "A comment `%% relup:allow RULE` with nothing behind the rule.",
             .why = "Whoever reads the appup at the next upgrade cannot tell a decision from a "
                    "finding that somebody wanted out of the way.",
             .wrong = R"({"2.0",
 [{"1.0", [restart]}],  %% relup:allow RU004
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [restart]}],  %% relup:allow RU004 our own release handler knows it
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Allowances cannot be allowed in the file; relup.yaml can turn the rule off "
                      "(`findings: {unexplained-allowance: off}`).",
             .allowed_by = AllowedBy::policy},
    .check_allowance = check,
};

}  // namespace relup::lint
