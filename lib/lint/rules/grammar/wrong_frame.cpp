// SPDX-License-Identifier: Apache-2.0
#include "appup/version_match.hpp"
#include "lint/rule.hpp"

namespace relup::lint {
namespace {

void check(const ParsedAppup& appup, Findings& findings) {
  for (const Term* list : {&appup.appup.up, &appup.appup.down}) {
    const auto fault = appup::fault_of_entries(*list);
    if (!fault) continue;
    Diagnostic& finding = findings.add(appup.source, fault->span, fault->message);
    finding.notes.push_back("expected " + fault->expected);
  }
}

}  // namespace

extern const Rule wrong_frame{
    .code = "RU002",
    .name = "wrong-frame",
    .severity = Severity::error,
    .summary = "a file that has not the shape of an appup or a relup",
    .page = {.what = "An appup that is not `{Vsn, UpFrom, DownTo}`, one of whose lists is no list, "
                     "or an entry whose instructions are none; a relup that is not `{Vsn, UpFrom, "
                     "DownTo}` with entries `{Vsn, Descr, Script}`.",
             .why = "systools crashes on some of them instead of saying what is wrong, and the "
                    "release handler on others, when the release is installed.",
             .wrong = R"({"2.0",
 {"1.0", [{load_module, shop}]},
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: nothing can be compiled from it.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"bad-appup", "bad-version-list", "bad-script", "bad-relup"},
    .check_appup = check,
};

}  // namespace relup::lint
