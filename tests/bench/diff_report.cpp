// SPDX-License-Identifier: Apache-2.0
#include "diff_report.hpp"

#include <iomanip>
#include <ostream>

#include <nlohmann/json.hpp>

namespace relup::bench {
namespace {

using Json = nlohmann::ordered_json;

double ratio(const Measurements& above, const Measurements& below) {
  return median_wall(above) / median_wall(below);
}

void write_times(const DiffResult& result, std::ostream& out) {
  struct Row {
    const char* name;
    const Measurements& runs;
  };
  for (const Row& row :
       {Row{"read both trees", result.yardstick}, Row{"relup diff", result.diff},
        Row{"relup generate", result.generate}, Row{"beam_lib", result.beam_lib}}) {
    out << std::left << std::setw(10) << result.name << std::setw(17) << row.name << std::right
        << std::setw(9) << fixed(median_wall(row.runs).count(), 1) << std::setw(9)
        << fixed(median_processor(row.runs).count(), 1) << std::setw(8)
        << fixed(mebibytes(largest_peak(row.runs)), 1) << std::setw(11)
        << fixed(ratio(row.runs, result.yardstick), 2) << std::setw(9)
        << fixed(ratio(row.runs, result.diff), 2) << "\n";
  }
}

void write_groups(const DiffResult& result, const char* rule, const GroupSizes& sizes,
                  std::ostream& out) {
  out << std::left << std::setw(10) << result.name << std::setw(24) << rule << std::right
      << std::setw(11) << sizes.suspended << std::setw(7) << sizes.tied << "\n";
}

Json to_json(const Measurements& runs) {
  Json walls = Json::array();
  for (const Measurement& run : runs)
    walls.push_back(run.wall.count());
  return {{"median_ms", median_wall(runs).count()},
          {"median_cpu_ms", median_processor(runs).count()},
          {"peak_bytes", largest_peak(runs)},
          {"runs_ms", std::move(walls)}};
}

Json to_json(const GroupSizes& sizes) {
  return {{"suspended", sizes.suspended}, {"tied", sizes.tied}};
}

}  // namespace

void write_diff_table(const std::vector<DiffResult>& results, std::ostream& out) {
  out << "case      program                 ms   cpu ms     MiB    of read  of diff\n";
  for (const DiffResult& result : results)
    write_times(result, out);
  out << "aims: relup at most 1.50 of read and 64 MiB, beam_lib at least 20 of diff\n";
  out << "\nlargest group, in modules        suspended   tied\n";
  for (const DiffResult& result : results) {
    write_groups(result, "relup", result.ours, out);
    write_groups(result, "imports that changed", result.by_imports, out);
  }
  out << "\n";
  for (const DiffResult& result : results)
    out << result.name << ": " << result.modules << " modules\n";
}

void write_diff_json(const std::vector<DiffResult>& results, std::ostream& out) {
  Json cases = Json::array();
  for (const DiffResult& result : results) {
    cases.push_back({{"name", result.name},
                     {"modules", result.modules},
                     {"read_trees", to_json(result.yardstick)},
                     {"relup_diff", to_json(result.diff)},
                     {"relup_generate", to_json(result.generate)},
                     {"beam_lib", to_json(result.beam_lib)},
                     {"largest_group", to_json(result.ours)},
                     {"largest_group_by_imports", to_json(result.by_imports)}});
  }
  out << Json{{"schema_version", 1}, {"cases", std::move(cases)}}.dump(2) << "\n";
}

}  // namespace relup::bench
