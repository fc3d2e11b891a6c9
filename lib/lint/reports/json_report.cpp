// SPDX-License-Identifier: Apache-2.0
#include "lint/reports/json_report.hpp"

#include "base/diagnostic_json.hpp"

namespace relup::lint {

Json json_report(const LintResult& result, std::size_t fixed, std::string_view version) {
  return {{"schema_version", 1},       {"tool", {{"name", "relup"}, {"version", version}}},
          {"files", result.files},     {"fixed", fixed},
          {"allowed", result.allowed}, {"diagnostics", to_json(result.findings)}};
}

}  // namespace relup::lint
