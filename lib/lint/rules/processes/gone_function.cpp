// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::gone_function}, findings);
}

}  // namespace

extern const Rule gone_function{
    .code = "RU412",
    .name = "gone-function",
    .severity = Severity::warning,
    .summary = "a function goes that timers, sleeping processes or stores name",
    .page = {.what = "A function that the version which is loaded does not export any more, while "
                     "changed code of the other names it for later: in timer:apply_interval and "
                     "its like, in hibernate/3, in a loop that comes back by the name of the "
                     "module, or as `fun Module:Function/Arity` or {Module, Function, Arguments} "
                     "in a state, a table or another store. Where only new processes start in "
                     "it, a note. Told from compiled code.",
             .why = "Such a name is looked up when it is used. The timer that was set before the "
                    "upgrade calls the function in the new code, the process that sleeps wakes "
                    "up there: undef, again and again, in a process that no change of the "
                    "caller reaches.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}, {apply, {shop, set_timer, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where nothing of it is left when the upgrade begins."},
    .check_upgrade = check,
};

}  // namespace relup::lint
