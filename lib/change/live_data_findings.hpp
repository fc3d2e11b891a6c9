// SPDX-License-Identifier: Apache-2.0
#pragma once

// What live processes and stores hold that the code of the other release does not expect, told from
// the files of both (diff/live_data.hpp) and from the script that leads there: where that calls a
// code_change which may see to it, nothing is found. And what the script leaves undone about
// supervisors.

#include <string>
#include <vector>

#include "change/proposed_change.hpp"

namespace relup::change {

struct LiveDataFindings {
  std::vector<std::string> warnings;
  std::vector<std::string> notes;
};

// A file that cannot be read is told by others; then nothing is found.
LiveDataFindings live_data_findings(const ProposedChange& change);

}  // namespace relup::change
