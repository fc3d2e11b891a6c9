// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule misplaced_point_of_no_return{
    .code = "RU011",
    .name = "misplaced-point-of-no-return",
    .severity = Severity::error,
    .summary = "a second point of no return, or what cannot stand in front of one",
    .page = {.what = "A second `point_of_no_return` in one list of instructions, or an instruction "
                     "in front of it that is neither `load_object_code` nor `apply`.",
             .why = "systools refuses the script: in front of the point of no return the release "
                    "handler only reads code and asks questions, so that it can still say no.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop},
           point_of_no_return,
           {apply, {shop, announce, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [point_of_no_return,
           {load_module, shop},
           {apply, {shop, announce, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: it cannot be compiled.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"too-many-points-of-no-return", "before-point-of-no-return"},
};

}  // namespace relup::lint
