// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule bad_instruction{
    .code = "RU003",
    .name = "bad-instruction",
    .severity = Severity::error,
    .summary = "a term that is no instruction, or one with a part of the wrong type",
    .page = {.what =
                 "A term in a list of instructions that appup(4) does not know, or one of whose "
                 "parts is of the wrong type.",
             .why = "systools stops at the first one and writes no relup.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop, advanced}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .allow = "Never: nothing can be compiled from it.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"bad-instruction", "not-yet-implemented", "bad-start-type", "bad-mod-type",
                       "bad-change", "bad-lib", "bad-lib-vsn", "bad-mode", "bad-code-change",
                       "bad-node", "bad-func", "bad-args-list", "bad-module", "bad-application",
                       "bad-purge-method", "bad-timeout", "bad-list"},
};

}  // namespace relup::lint
