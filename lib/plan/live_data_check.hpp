// SPDX-License-Identifier: Apache-2.0
#pragma once

// What live processes and stores hold that the new code does not expect (diff/live_data.hpp), as
// findings about the modules of an application.

#include <string>

#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

// Where a code_change of the module may see to it, and the planned script calls it, nothing is
// found, nor of processes that generated instructions end. `ebin` is the directory of the new
// modules, for messages.
Diagnostics check_live_data(const diff::ApplicationChange& application, const std::string& ebin,
                            policy::Supervision supervision);

}  // namespace relup::plan
