// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::callback_mode}, findings);
}

}  // namespace

extern const Rule changed_callback_mode{
    .code = "RU409",
    .name = "changed-callback-mode",
    .severity = Severity::error,
    .summary = "callback_mode of a gen_statem changed, and nothing tells live processes",
    .page = {.what = "A gen_statem whose callback_mode/0 answers something else in the new "
                     "release, and which exports no code_change/4.",
             .why = "gen_statem asks for the callback mode at its start and after a change "
                    "of code. A process whose code is only loaded goes on with the old "
                    "mode: it calls state functions that are gone, or a handle_event/4 that "
                    "is not there yet (erlang/otp#960).",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop]}}, {load_module, shop}, {apply, {supervisor, restart_child, [shop_sup, shop]}}]}],
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop]}}, {load_module, shop}, {apply, {supervisor, restart_child, [shop_sup, shop]}}]}]}.
)",
             .allow = "Where no process of the module lives through the upgrade."},
    .check_upgrade = check,
};

}  // namespace relup::lint
