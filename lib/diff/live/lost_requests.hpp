// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests that the old code sends to a process, and whose new code does not take them.

#include "diff/live/code_pair.hpp"

namespace relup::diff {

void compare_requests(CodePair& pair);

}  // namespace relup::diff
