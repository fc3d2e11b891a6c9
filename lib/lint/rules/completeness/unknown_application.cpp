// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule unknown_application{
    .code = "RU204",
    .name = "unknown-application",
    .severity = Severity::error,
    .summary = "an instruction for an application that the releases do not have as it needs",
    .page = {.what = "add_application of one that the release which the script leads to does not "
                     "have, remove_application of one that it still has or that was never there, "
                     "restart_application of one that is not in both.",
             .why =
                 "systools writes no relup (`no_such_application`, `removed_application_present`), "
                 "and says `Started undefined application` for all of them.",
             .wrong = R"({"2.0",
 [{"1.0", [{restart_application, shopp}]}],
 [{"1.0", [{restart_application, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{restart_application, shop}]}],
 [{"1.0", [{restart_application, shop}]}]}.
)",
             .allow = "Never: nothing can be compiled from it.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"no-such-application", "removed-application-present"},
};

}  // namespace relup::lint
