// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule unbalanced_stop{
    .code = "RU010",
    .name = "unbalanced-stop",
    .severity = Severity::error,
    .summary = "a module whose processes are stopped and never started, or the other way round",
    .page = {.what =
                 "A module that a low-level `stop` names and no `start`, or the other way round.",
             .why = "systools refuses the script.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {stop, [shop]},
           {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {stop, [shop]},
           {load, {shop, soft_purge, soft_purge}},
           {start, [shop]}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where the appup of another application has the counterpart. Better keep "
                      "both in one."},
    .compiler_rules = {"start-not-stop", "stop-not-start"},
};

}  // namespace relup::lint
