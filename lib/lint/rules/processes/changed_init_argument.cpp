// SPDX-License-Identifier: Apache-2.0
#include "lint/supervisor_care.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_supervisor_findings(view, plan::SupervisorFinding::Kind::argument, findings);
}

}  // namespace

extern const Rule changed_init_argument{
    .code = "RU417",
    .name = "changed-init-argument",
    .severity = Severity::warning,
    .summary = "a supervisor is updated, and its init/1 gets the argument of its old start",
    .page = {.what = "An update of a supervisor that the new release starts with another argument "
                     "than the old one did. An error where no clause of the new init/1 takes the "
                     "old argument.",
             .why = "A supervisor keeps the argument that it was started with, and its code_change "
                    "calls init/1 of the new module with it. An init/1 that does not take it "
                    "crashes, the install fails after the point of no return, and the node "
                    "restarts.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop_sup, supervisor}]}],
 [{"1.0", [{update, shop_sup, supervisor}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop_sup},
           {apply, {supervisor, terminate_child, [shop_top_sup, shop_sup]}},
           {apply, {supervisor, restart_child, [shop_top_sup, shop_sup]}}]}],
 [{"1.0", [{update, shop_sup, supervisor}]}]}.
)",
             .allow = "Where init/1 answers the same for both arguments."},
    .check_upgrade = check,
};

}  // namespace relup::lint
