// SPDX-License-Identifier: Apache-2.0
#pragma once

// Regular expressions for the version of an appup entry.

#include <string>

#include "differential/random.hpp"

namespace relup::differential {

// One that serves `version`.
std::string right_regex(const std::string& version, Random& random);

// One that uses the rest of the language: it may serve `version`, serve another one, or not
// compile.
std::string odd_regex(const std::string& version, Random& random);

}  // namespace relup::differential
