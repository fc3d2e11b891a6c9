// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much two releases differ, in one line: "shop 2.9.4 -> 2.9.6: 3 applications upgraded, 1
// added; 12 modules changed, 2 added, 30 only rebuilt".

#include <string>

#include "diff/release_diff.hpp"

namespace relup::cmd {

// Only modules of applications that both releases have are counted.
std::string summary_of(const diff::ReleaseDiff& diff);

}  // namespace relup::cmd
