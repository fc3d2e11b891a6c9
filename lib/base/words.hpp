// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parts of sentences.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace relup {

// "a, b, c"
std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ");

// "1 module", "3 modules"
std::string counted(std::size_t count, std::string_view noun);

}  // namespace relup
