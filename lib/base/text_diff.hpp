// SPDX-License-Identifier: Apache-2.0
#pragma once

// The difference between two texts as a unified diff, which people and `patch` read; empty where
// there is none.

#include <string>

namespace relup {

std::string unified_diff(const std::string& name, const std::string& before,
                         const std::string& after);

}  // namespace relup
