// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule duplicate_instruction{
    .code = "RU014",
    .name = "duplicate-instruction",
    .severity = Severity::error,
    .summary = "two instructions for one module in one upgrade",
    .page = {.what = "A second `update`, `load_module`, `add_module` or `delete_module` for a "
                     "module in the instructions for one version.",
             .why = "systools refuses the script with `muldef_module`. Generators write such "
                    "appups: one plugin updates a supervisor once for each of its new children.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop},
           {update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .allow = "Never: it cannot be compiled.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"muldef-module"},
};

}  // namespace relup::lint
