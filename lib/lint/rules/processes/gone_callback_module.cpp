// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::process_module}, findings);
}

}  // namespace

extern const Rule gone_callback_module{
    .code = "RU407",
    .name = "gone-callback-module",
    .severity = Severity::error,
    .summary = "a module goes that live processes have as their callback module",
    .page = {.what = "A gen_server, gen_statem or gen_event module that only the old release "
                     "has, and whose processes nothing in the entry ends. Not reported where "
                     "a supervisor of the application lists the child no more: that is told "
                     "of the supervisor.",
             .why = "Between two callbacks a process runs no code of its module: it waits "
                    "in gen_server or gen_statem. So a soft purge says that nobody uses the "
                    "code, the module goes, and the next message makes the process crash "
                    "with undef. Its supervisor starts it by the old specification, whose "
                    "module is not there either, and gives up. A renamed module is the "
                    "usual way to it.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}, {remove, {shop_till, soft_purge, soft_purge}}]}],
 [{"1.0", [{add_module, shop_till}, {load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop},
           {apply, {supervisor, terminate_child, [shop_sup, till]}},
           {remove, {shop_till, soft_purge, soft_purge}}]}],
 [{"1.0", [{add_module, shop_till}, {load_module, shop}]}]}.
)",
             .allow = "Where no process of the module lives."},
    .check_upgrade = check,
};

}  // namespace relup::lint
