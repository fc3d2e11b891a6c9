// SPDX-License-Identifier: Apache-2.0
#pragma once

// The examples of a rule, as its page shows them, linted; one that begins with `%% relup` is a
// relup. Where testdata/lint/NAME.txt has sources, the releases 1.0 and 2.0 are made from them:
// `old/APP/MODULE.erl` and `new/APP/MODULE.erl` (or
// `.ex`), other files of the new release such as `new/till/till.appup`, and a `relup.yaml`. What
// stands below `wrong/` or `right/` is laid over `new/` for that example only. `new/till/vsn` has
// the version of an application that is not the release's, `new/till/needs` another application
// that it needs, and the modules of the application
// `consolidated` are protocols, which go where mix puts them. A
// module whose source is the same in both releases is the same file.

#include "lint/rule.hpp"

namespace relup::lint {

enum class Example { wrong, right };

Diagnostics lint_example(const Rule& rule, Example example);

// An appup of shop, linted against the releases of testdata/lint/FIXTURE.txt. `name` is that of its
// file.
Diagnostics lint_against(const std::string& fixture, const std::string& appup,
                         const std::string& name = "shop.appup");

}  // namespace relup::lint
