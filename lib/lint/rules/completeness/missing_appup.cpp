// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule missing_appup{
    .code = "RU206",
    .name = "missing-appup",
    .severity = Severity::error,
    .summary = "an application changes its version and has no appup",
    .page = {.what = "An application that is in both releases in two versions, and in the new one "
                     "without an appup.",
             .why =
                 "systools reads the appup of every application whose version differs, and writes "
                 "no relup when one is missing. Most of those are dependencies: few libraries ship "
                 "an appup, and a release has one for every one that was raised. `relup generate` "
                 "writes them.",
             .wrong = R"(%% till 2.0 has no till.appup
{"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"(%% till 2.0 has one, too
{"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where the appups are made later, by `relup generate` say."},
    .compiler_rules = {"missing-appup"},
};

}  // namespace relup::lint
