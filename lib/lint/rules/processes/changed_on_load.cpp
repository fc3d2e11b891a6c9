// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::on_load}, findings);
}

}  // namespace

extern const Rule changed_on_load{
    .code = "RU419",
    .name = "changed-on-load",
    .severity = Severity::warning,
    .summary = "an on_load function that is not what it was runs after the point of no return",
    .page = {.what = "A module whose new version has an on_load function which the old one did not "
                     "have, or whose code, or that of functions of the module that it calls, "
                     "changed. Told from compiled code.",
             .why = "The function runs while the code is loaded, in the middle of the script. "
                    "Where it does not answer `ok`, say since a file is not there, the load fails; "
                    "that is after the point of no return, and the node restarts. No check of the "
                    "script has called it before.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [restart_emulator]}],
 [{"1.0", [restart_emulator]}]}.
)",
             .allow = "Where it was tried on a node like this one."},
    .check_upgrade = check,
};

}  // namespace relup::lint
