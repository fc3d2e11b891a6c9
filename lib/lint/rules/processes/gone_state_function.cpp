// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::state_function}, findings);
}

}  // namespace

extern const Rule gone_state_function{
    .code = "RU408",
    .name = "gone-state-function",
    .severity = Severity::error,
    .summary = "a gen_statem may be in a state that the other version has no function for",
    .page = {.what = "A gen_statem with callback_mode state_functions, one of whose state "
                     "functions is not exported by the version that the script leads to, "
                     "while code_change/4 does not answer another state.",
             .why = "gen_statem calls the function that has the name of the state. A "
                    "process that is in that state when the code is replaced crashes at its "
                    "next event; one that is not goes on, so a test sees nothing.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .allow = "Where no process is in that state for longer than a moment."},
    .check_upgrade = check,
};

}  // namespace relup::lint
