// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule conflicting_object_code{
    .code = "RU015",
    .name = "conflicting-object-code",
    .severity = Severity::error,
    .summary = "object code of one application in two versions",
    .page = {.what = "Two `load_object_code` that name an application with different versions.",
             .why = "systools refuses the script with `conflicting_versions`: the code of an "
                    "application comes from one directory.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {load_object_code, {shop, "1.9", [shop_price]}},
           {load, {shop_price, soft_purge, soft_purge}},
           {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop, shop_price]}},
           {load, {shop_price, soft_purge, soft_purge}},
           {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: it cannot be compiled.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"conflicting-versions"},
};

}  // namespace relup::lint
