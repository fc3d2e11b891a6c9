// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule changed_application_unchanged_version{
    .code = "RU210",
    .name = "changed-application-unchanged-version",
    .severity = Severity::error,
    .summary = "the code of an application changed, its version did not",
    .page = {.what = "An application that has the same version in both releases, and other code.",
             .why =
                 "The files of an application lie in a directory that is named by its version. "
                 "When a release is unpacked, files that are there already are kept, so the new "
                 "code never reaches the node, and systools, which compares versions only, puts no "
                 "step into the relup. Nothing says so.",
             .wrong = R"(%% the code of till 1.0 changed
{"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"(%% it is till 2.0 now
{"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: raise the version of the application.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"same-version-changed-code"},
};

}  // namespace relup::lint
