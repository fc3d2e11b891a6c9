// SPDX-License-Identifier: Apache-2.0
#pragma once

// What diff_bench found, as a table for people and as JSON for programs. The yardstick is the time
// that it takes to open and read both trees (read_trees.cpp).

#include "report.hpp"
#include "suspension.hpp"

namespace relup::bench {

struct DiffResult {
  std::string name;
  std::size_t modules = 0;
  Measurements yardstick;
  Measurements diff;
  Measurements generate;
  Measurements beam_lib;  // compare_dirs.escript
  GroupSizes ours;
  GroupSizes by_imports;
};

void write_diff_table(const std::vector<DiffResult>& results, std::ostream& out);
void write_diff_json(const std::vector<DiffResult>& results, std::ostream& out);

}  // namespace relup::bench
