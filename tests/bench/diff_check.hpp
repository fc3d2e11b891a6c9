// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether relup said what is true, and the same every time. Differences come back in words, one a
// line; none is a pass.

#include <string>
#include <vector>

#include "diff_input.hpp"

namespace relup::bench {

// `json` is what `relup diff --format json` printed.
std::vector<std::string> compare_answer(const std::string& json, const Expected& expected);

// Whatever `relup lint --format json` printed in `json` about what relup had generated.
std::vector<std::string> findings_in(const std::string& json);

// The files of two directories, by name and byte.
std::vector<std::string> compare_directories(const std::string& one, const std::string& other);

}  // namespace relup::bench
