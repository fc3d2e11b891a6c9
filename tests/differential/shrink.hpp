// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes a pair that shows a difference smaller: pieces of its files are cut out, large ones first,
// as long as the difference stays the same.

#include <functional>

#include "differential/release_pair.hpp"

namespace relup::differential {

// `shows` runs a candidate. At most `attempts` candidates are tried.
ReleasePair shrink(ReleasePair pair, const std::function<bool(const ReleasePair&)>& shows,
                   int attempts);

}  // namespace relup::differential
