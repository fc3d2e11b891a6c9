// SPDX-License-Identifier: Apache-2.0
#pragma once

// An appup that somebody wrote wins over what relup would write, but it is held against the trees:
// an instruction that was forgotten leaves old code running, one that names an unchanged module
// suspends and purges for nothing.

#include "appup/appup.hpp"
#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

// Warnings: `appup-misses-module` at the entry, `appup-needless-module` at the instruction, for
// both directions. Entries that restart the application or the emulator need no instruction by
// module.
Diagnostics check_edited(const appup::Appup& appup, const diff::ApplicationChange& change,
                         const policy::Policy& policy);

}  // namespace relup::plan
