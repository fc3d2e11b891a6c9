// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule missing_entry{
    .code = "RU207",
    .name = "missing-entry",
    .severity = Severity::error,
    .summary = "an appup has no entry for the version that the other release has",
    .page = {.what =
                 "One of the two lists of an appup has no entry that serves the version which the "
                 "other release has of the application.",
             .why =
                 "systools writes no relup (`no_relup`). When it is the list down, the way up can "
                 "be compiled by itself, and the way back is first missed when it is needed.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"0.9", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where nobody is to take that way."},
    .compiler_rules = {"no-relup-entry"},
};

}  // namespace relup::lint
