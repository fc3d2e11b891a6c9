// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a benchmark found, as a table for people and as JSON for programs. Times are medians of
// whole processes, memory is the largest peak of all runs. The ratio is of wall time; on a busy
// machine processor time (the columns `cpu` and `us/module`) says more.

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "process.hpp"

namespace relup::bench {

using Measurements = std::vector<Measurement>;

Milliseconds median_wall(const Measurements& measurements);
Milliseconds median_processor(const Measurements& measurements);
std::uint64_t largest_peak(const Measurements& measurements);

std::string fixed(double number, int decimals);
double mebibytes(std::uint64_t bytes);

struct Result {
  std::string name;
  std::size_t modules = 0;
  Measurements ours;
  Measurements systools;         // empty where only ours was run
  std::optional<bool> is_equal;  // whether both wrote the same bytes
};

void write_table(const std::vector<Result>& results, std::ostream& out);
void write_json(const std::vector<Result>& results, std::ostream& out);

}  // namespace relup::bench
