// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule unbalanced_suspend{
    .code = "RU009",
    .name = "unbalanced-suspend",
    .severity = Severity::error,
    .summary = "a module that is suspended and never resumed, or the other way round",
    .page =
        {.what =
             "A module that a low-level `suspend` names and no `resume`, or the other way round.",
         .why = "systools refuses the script. If it did not, the processes would wait for ever, as "
                "they did after upgrades with fly_deploy 0.2.4.",
         .wrong = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {suspend, [shop]},
           {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {suspend, [shop]},
           {load, {shop, soft_purge, soft_purge}},
           {resume, [shop]}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .allow = "Where the appup of another application has the counterpart. Better keep both in "
                  "one."},
    .compiler_rules = {"suspended-not-resumed", "resumed-not-suspended"},
};

}  // namespace relup::lint
