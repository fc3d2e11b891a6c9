// SPDX-License-Identifier: Apache-2.0
#include "lint/supervisor_care.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_supervisor_findings(view, plan::SupervisorFinding::Kind::children, findings);
}

}  // namespace

extern const Rule changed_children{
    .code = "RU416",
    .name = "changed-children",
    .severity = Severity::warning,
    .summary =
        "children of a supervisor came, went or start otherwise, and nobody starts or stops "
        "them",
    .page = {.what = "A supervisor, or in Elixir start/2 of an application, that lists other "
                     "children than before, or starts one by another call, in an entry that does "
                     "not call terminate_child, delete_child, restart_child or start_child for "
                     "each of them. Not reported where the entry applies a function of your own, "
                     "which may do it.",
             .why = "The update of a supervisor gives it the new list, and neither starts nor "
                    "stops anybody. A child that came does not run until somebody starts it; one "
                    "that went runs on, in code that the release no longer has; one that starts "
                    "otherwise runs as it was started. The node works on until somebody calls what "
                    "is not there.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop_sup, supervisor}]}],
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, rate]}},
           {apply, {supervisor, delete_child, [shop_sup, rate]}},
           {update, shop_sup, supervisor}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop_sup, supervisor},
           {apply, {supervisor, restart_child, [shop_sup, rate]}}]}],
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, rate]}},
           {apply, {supervisor, delete_child, [shop_sup, rate]}},
           {update, shop_sup, supervisor}]}]}.
)",
             .allow = "Where the children may wait for the next start of their supervisor."},
    .check_upgrade = check,
};

}  // namespace relup::lint
