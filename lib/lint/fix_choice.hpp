// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which of the fixes that findings carry can be made together, and making them.

#include <functional>
#include <vector>

#include "lint/lint.hpp"

namespace relup::lint {

using Fixable = std::vector<const Diagnostic*>;  // findings with a fix

// The findings, in their order, whose fixes do not overlap those of earlier ones, and that
// `is_refused` does not refuse. Only in files of the request whose text is their bytes: in another
// encoding than UTF-8 the places of the one are not those of the other. The pointers lead into
// `findings`.
Fixable choose_fixes(const LintRequest& request, const Diagnostics& findings,
                     const std::function<bool(const Diagnostic&)>& is_refused);

// The request with those fixes made.
LintRequest with_fixes(LintRequest request, const Fixable& fixes);

}  // namespace relup::lint
