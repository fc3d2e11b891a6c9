// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::request}, findings);
}

}  // namespace

extern const Rule unserved_request{
    .code = "RU411",
    .name = "unserved-request",
    .severity = Severity::note,
    .summary = "the old code sends its process a request that the new code does not take",
    .page = {.what = "A gen_server whose handle_call/3 or handle_cast/2 has lost a clause "
                     "for a request that functions of the old version of the module send, "
                     "and takes no other request in its place. Told from compiled code.",
             .why = "Callers that are in the old code while the script runs, and nodes of "
                    "the old release, still send it. The process has no clause for it and "
                    "crashes, with its state.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{restart_application, shop}]}],
 [{"1.0", [{restart_application, shop}]}]}.
)",
             .allow = "Where nobody calls it any more."},
    .check_upgrade = check,
};

}  // namespace relup::lint
