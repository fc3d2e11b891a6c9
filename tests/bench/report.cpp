// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <sstream>

#include <nlohmann/json.hpp>

namespace relup::bench {
namespace {

using Json = nlohmann::ordered_json;

Milliseconds median(const Measurements& measurements, Milliseconds Measurement::*time) {
  std::vector<Milliseconds> times;
  for (const Measurement& each : measurements)
    times.push_back(each.*time);
  std::sort(times.begin(), times.end());
  const std::size_t middle = times.size() / 2;
  return times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
}

double microseconds_per_module(const Result& result) {
  return median_processor(result.ours).count() * 1000.0 / static_cast<double>(result.modules);
}

std::string answer_of(const Result& result) {
  if (!result.is_equal) return "-";
  return *result.is_equal ? "same bytes" : "DIFFERS";
}

void write_row(const std::vector<std::string>& cells, std::ostream& out) {
  static constexpr int widths[] = {-14, 9, 10, 12, 8, 11, 11, 11, 11};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << (widths[i] < 0 ? std::left : std::right) << std::setw(std::abs(widths[i])) << cells[i];
  }
  out << "  ";
}

Json side(const Measurements& measurements) {
  Json walls = Json::array();
  for (const Measurement& each : measurements)
    walls.push_back(each.wall.count());
  return {{"median_ms", median_wall(measurements).count()},
          {"median_cpu_ms", median_processor(measurements).count()},
          {"peak_bytes", largest_peak(measurements)},
          {"runs_ms", std::move(walls)}};
}

}  // namespace

Milliseconds median_wall(const Measurements& measurements) {
  return median(measurements, &Measurement::wall);
}

Milliseconds median_processor(const Measurements& measurements) {
  return median(measurements, &Measurement::processor);
}

std::uint64_t largest_peak(const Measurements& measurements) {
  std::uint64_t peak = 0;
  for (const Measurement& each : measurements)
    peak = std::max(peak, each.peak);
  return peak;
}

std::string fixed(double number, int decimals) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(decimals) << number;
  return text.str();
}

double mebibytes(std::uint64_t bytes) {
  return static_cast<double>(bytes) / (1024.0 * 1024.0);
}

void write_table(const std::vector<Result>& results, std::ostream& out) {
  write_row({"case", "modules", "relup ms", "systools ms", "ratio", "relup cpu", "us/module",
             "relup MiB", "sys. MiB"},
            out);
  out << "answer\n";
  for (const Result& result : results) {
    const bool both = !result.systools.empty();
    const double ours = median_wall(result.ours).count();
    const double theirs = both ? median_wall(result.systools).count() : 0;
    write_row(
        {result.name, std::to_string(result.modules), fixed(ours, 1), both ? fixed(theirs, 0) : "-",
         both ? fixed(theirs / ours, 1) : "-", fixed(median_processor(result.ours).count(), 1),
         fixed(microseconds_per_module(result), 2), fixed(mebibytes(largest_peak(result.ours)), 1),
         both ? fixed(mebibytes(largest_peak(result.systools)), 1) : "-"},
        out);
    out << answer_of(result) << "\n";
  }
}

void write_json(const std::vector<Result>& results, std::ostream& out) {
  Json cases = Json::array();
  for (const Result& result : results) {
    Json entry{{"name", result.name}, {"modules", result.modules}, {"relup", side(result.ours)}};
    if (!result.systools.empty()) {
      entry["systools"] = side(result.systools);
      entry["ratio"] = median_wall(result.systools) / median_wall(result.ours);
    }
    if (result.is_equal) entry["same_bytes"] = *result.is_equal;
    cases.push_back(std::move(entry));
  }
  out << Json{{"schema_version", 1}, {"cases", std::move(cases)}}.dump(2) << "\n";
}

}  // namespace relup::bench
