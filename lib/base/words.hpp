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

// `text` up to its last character that is no blank and no line break.
std::string_view without_blanks_at_end(std::string_view text);

// "1 module", "3 modules"
std::string counted(std::size_t count, std::string_view noun);

}  // namespace relup
