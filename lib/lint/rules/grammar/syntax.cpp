// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule syntax{
    .code = "RU001",
    .name = "syntax",
    .severity = Severity::error,
    .summary = "text that is no Erlang term",
    .page = {.what = "A file that Erlang cannot read: a comma too many, a quote that is missing, "
                     "an expression instead of a literal term, bytes that are not in the encoding "
                     "of the file.",
             .why = "systools stops and writes no relup. What it says names a line, and often the "
                    "one behind the fault.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}]
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: nothing can be read from it.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"syntax"},
};

}  // namespace relup::lint
