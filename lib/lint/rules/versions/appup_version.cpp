// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

void check(const ParsedAppup& appup, Findings& findings) {
  const Term& version = appup.appup.version;
  if (version.text() && !version.is_nil()) return;
  Diagnostic& finding = findings.add(appup.source, version.span(),
                                     print(version) + " is no version of an application");
  finding.notes.emplace_back(
      "expected a string, the vsn of the .app file: \"1.0\", and ~c\"1.0\" or "
      "'1.0' in Elixir");
}

}  // namespace

extern const Rule appup_version{
    .code = "RU105",
    .name = "appup-version",
    .severity = Severity::warning,
    .summary = "an appup with another version than its application",
    .page = {.what = "An appup whose version is not the one in the `.app` file beside it, or no "
                     "string at all.",
             .why = "systools warns and goes on. It mostly means that the appup is the one of the "
                    "last version, and that its entries lead to that.",
             .wrong = R"({"1.9",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where the appup is kept for several versions on purpose."},
    .compiler_rules = {"appup-version"},
    .check_appup = check,
};

}  // namespace relup::lint
