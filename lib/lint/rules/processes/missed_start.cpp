// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::start_effect}, findings);
}

}  // namespace

extern const Rule missed_start{
    .code = "RU410",
    .name = "missed-start",
    .severity = Severity::warning,
    .summary = "what a process does only where it starts is new, and live ones do not do it",
    .page = {.what = "A process module whose init/1, handle_continue/2 or start function "
                     "does something that the old one did not do (takes a name, makes a "
                     "table, joins a group, sets a flag, subscribes, adds a handler, starts "
                     "a timer, opens a socket), while code_change, where it is called, does "
                     "not. Told from compiled code.",
             .why = "An upgrade starts no process. The new callbacks use a table that "
                    "nobody has made, the new clients call a name that nobody has: both "
                    "crash, some time after an upgrade that looked well, and a restart "
                    "cures it.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .allow = "Where the new code does without, or something else does it."},
    .check_upgrade = check,
};

}  // namespace relup::lint
