// SPDX-License-Identifier: Apache-2.0
//
// Not in the table, because no input reaches them through make_relup/4:
//   systools_rc code_change_not_suspended   its pattern does not match the valid instruction
//   systools_rc dup_mnesia_backup, bad_mnesia_backup, no_appl_vsn   formatted, raised nowhere
//   systools_make error_reading: application_vsn   a found version always leaves a first error
//   systools_make modules   source and cross-reference tests are options of make_script only
//   systools_relup file_problem: close   a file that opens and reads also closes
//   systools_relup file_problem of "relup"   the output directory is the current one here

#include "differential/coverage.hpp"

#include <algorithm>
#include <array>

namespace relup::differential {
namespace {

constexpr auto required = std::to_array<std::string_view>({
    "ok",
    "crash",
    "syntax: bad term",
    "syntax: before a token",
    "warning: bad_vsn",
    "warning: erts_vsn_changed",
    "warning: pre_R15_emulator_upgrade",
    "systools_rc: bad_instruction",
    "systools_rc: bad_module",
    "systools_rc: bad_code_change",
    "systools_rc: bad_change",
    "systools_rc: bad_mod_type",
    "systools_rc: bad_purge_method",
    "systools_rc: bad_list",
    "systools_rc: bad_args_list",
    "systools_rc: bad_node",
    "systools_rc: bad_application",
    "systools_rc: bad_func",
    "systools_rc: bad_lib",
    "systools_rc: bad_lib_vsn",
    "systools_rc: bad_timeout",
    "systools_rc: bad_start_type",
    "systools_rc: bad_mode",
    "systools_rc: not_yet_implemented",
    "systools_rc: bad_op_before_point_of_no_return",
    "systools_rc: too_many_point_of_no_return",
    "systools_rc: no_object_code",
    "systools_rc: suspended_not_resumed",
    "systools_rc: resumed_not_suspended",
    "systools_rc: start_not_stop",
    "systools_rc: stop_not_start",
    "systools_rc: no_such_application",
    "systools_rc: removed_application_present",
    "systools_rc: conflicting_versions",
    "systools_rc: no_such_module",
    "systools_rc: undef_module",
    "systools_rc: muldef_module",
    "systools_make: not_found",
    "systools_make: parse",
    "systools_make: read",
    "systools_make: badly_formatted_release",
    "systools_make: illegal_name",
    "systools_make: illegal_form",
    "systools_make: illegal_applications",
    "systools_make: missing_mandatory_app",
    "systools_make: mandatory_app",
    "systools_make: undefined_applications",
    "systools_make: circular_dependencies",
    "systools_make: apps",
    "systools_make: duplicate_modules",
    "systools_make: duplicate_register",
    "systools_make: duplicate_include",
    "systools_make: bad_application_name",
    "systools_make: error_reading: not_found",
    "systools_make: error_reading: no_valid_version",
    "systools_make: error_reading: missing_param",
    "systools_make: error_reading: bad_param",
    "systools_make: error_reading: parse_error",
    "systools_make: error_reading: badly_formatted_application",
    "systools_make: error_reading: override_include",
    "systools_relup: file_problem: open",
    "systools_relup: file_problem: read",
    "systools_relup: file_problem: parse",
    "systools_relup: file_problem: ok",
    "systools_relup: no_relup",
    "systools_relup: missing_sasl",
    "systools_relup: warnings_treated_as_errors",
});

}  // namespace

void Coverage::count(const std::vector<std::string>& kinds) {
  for (const std::string& kind : kinds)
    ++counts_[kind];
}

std::vector<std::string> Coverage::missing() const {
  std::vector<std::string> missing;
  for (const std::string_view kind : required) {
    if (!counts_.contains(std::string(kind))) missing.emplace_back(kind);
  }
  return missing;
}

std::string Coverage::table() const {
  std::string table;
  for (const auto& [kind, count] : counts_) {
    const std::string number = std::to_string(count);
    table.append(8 - std::min<std::size_t>(8, number.size()), ' ');
    table.append(number).append("  ").append(kind).append("\n");
  }
  return table;
}

}  // namespace relup::differential
