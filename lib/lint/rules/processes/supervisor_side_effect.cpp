// SPDX-License-Identifier: Apache-2.0
#include "lint/supervisor_care.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_supervisor_findings(view, plan::SupervisorFinding::Kind::side_effect, findings);
}

}  // namespace

extern const Rule supervisor_side_effect{
    .code = "RU418",
    .name = "supervisor-side-effect",
    .severity = Severity::warning,
    .summary = "the update of a supervisor has its init/1 do again what it did at its start",
    .page = {.what = "An update of a supervisor whose init/1 makes a table, registers a name, "
                     "opens a socket, or does something else that a second call finds done "
                     "already; by itself, by a function of its module, or by one of another module "
                     "that it calls.",
             .why = "The code_change of a supervisor calls init/1 again. A named table that exists "
                    "is made once more: ets:new/2 fails with badarg, the install fails after the "
                    "point of no return, and the node restarts.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop_sup, supervisor}]}],
 [{"1.0", [{update, shop_sup, supervisor}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop_sup}]}],
 [{"1.0", [{update, shop_sup, supervisor}]}]}.
)",
             .allow = "Where init/1 looks first whether it was done."},
    .check_upgrade = check,
};

}  // namespace relup::lint
