// SPDX-License-Identifier: Apache-2.0
#pragma once

// Code in memory that is not that of the release which runs: somebody has loaded it by hand, or the
// node was restarted when nobody expected it. Where a script changes such a module it stands in the
// way; where the script leaves it alone, it stays as it is.

#include <vector>

#include "host/relup_file.hpp"
#include "live/loaded_code.hpp"

namespace relup::change {

struct OtherCode {
  std::vector<live::MemoryDifference> in_the_way;
  std::vector<live::MemoryDifference> left_alone;  // each with its module
};

// Of the node's memory as it differs from the release that runs.
OtherCode sort_by_script(std::vector<live::MemoryDifference> differences,
                         const host::ScriptSummary& script);

}  // namespace relup::change
