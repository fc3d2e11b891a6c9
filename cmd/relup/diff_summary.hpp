// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much of a difference there is, in one sentence: "shop 2.9.4 -> 2.9.6: 3 applications
// upgraded, 1 added; 12 modules changed, 2 added, 30 only rebuilt".

#include <string>

#include "diff/release_diff.hpp"

namespace relup::cmd {

// Modules are counted of applications that both releases have.
std::string summary_of(const diff::ReleaseDiff& diff);

}  // namespace relup::cmd
