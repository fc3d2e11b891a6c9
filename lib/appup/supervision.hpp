// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an upgrade does to supervision trees: `{update, M, supervisor}` calls init/1 again and takes
// its new child list, but starts and stops nobody (supervisor(3), code_change/3).

#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"

namespace relup::appup {

// Warnings: `supervision` for children that came or went, `supervisor-side-effect` for what init/1
// would do a second time. `ebin` is the directory of the new modules, for messages.
Diagnostics check_supervision(const diff::ApplicationChange& application, const std::string& ebin);

}  // namespace relup::appup
