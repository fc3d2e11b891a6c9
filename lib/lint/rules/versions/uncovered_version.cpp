// SPDX-License-Identifier: Apache-2.0
#include "appup/version_match.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

void check(const ParsedAppup& appup, Findings& findings) {
  for (const std::string& version : appup.deployed) {
    if (appup.appup.version == Term::string(version)) continue;
    const auto found = appup::find_entry(appup.appup.up, version);
    if (!std::holds_alternative<appup::NoEntry>(found)) continue;
    Diagnostic& finding = findings.add(appup.source, appup.appup.up.span(),
                                       "no entry to upgrade " + appup.application.name() +
                                           " from " + version + ", which is deployed");
    finding.notes.push_back("add {" + print(Term::string(version)) +
                            ", Instructions} to the first list");
  }
}

}  // namespace

extern const Rule uncovered_version{
    .code = "RU106",
    .name = "uncovered-version",
    .severity = Severity::error,
    .summary = "a deployed version that no entry serves",
    .page =
        {.what = "A version that `deployed` in relup.yaml names for the application and that no "
                 "entry in the list up serves.",
         .why = "Where that version runs, the upgrade is refused: there is no script. That shows "
                "on the host, when all others are done. With a version such as `1.0.4+15-sha` the "
                "users of edeliver met `no_matching_relup` so (edeliver#123).",
         .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]},
  {"1.0.4+15-sha", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]},
  {"1.0.4+15-sha", [{load_module, shop}]}]}.
)",
         .allow =
             "Where the hosts with that version are restarted instead. Take it out of `deployed`."},
    .check_appup = check,
};

}  // namespace relup::lint
