// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule load_without_object_code{
    .code = "RU012",
    .name = "load-without-object-code",
    .severity = Severity::error,
    .summary = "a low-level load of code that nothing has read",
    .page = {.what = "A low-level `load` of a module that no `load_object_code` names.",
             .why = "systools refuses the script. The object code that `load_module` and `update` "
                    "bring along does not count: it is added later.",
             .wrong = R"({"2.0",
 [{"1.0", [{load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow =
                 "Where the appup of another application reads the code. Better keep both in one."},
    .compiler_rules = {"no-object-code"},
};

}  // namespace relup::lint
