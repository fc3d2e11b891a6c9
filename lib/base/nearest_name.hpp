// SPDX-License-Identifier: Apache-2.0
#pragma once

// The name that somebody likely meant who wrote another, for a "did you mean".

#include <string>
#include <vector>

namespace relup {

// The one of `names` that differs from `word` in two letters at most; of several the nearest, the
// first of those; empty when none is near.
std::string nearest_name(const std::string& word, const std::vector<std::string>& names);

}  // namespace relup
