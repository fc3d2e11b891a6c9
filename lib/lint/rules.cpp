// SPDX-License-Identifier: Apache-2.0
#include "lint/rules.hpp"

#include <algorithm>
#include <cctype>

#include "lint/rules/declarations.hpp"

namespace relup::lint {
namespace {

bool same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

template <typename Fits>
const Rule* find_if(Fits fits) {
  const auto& rules = all_rules();
  const auto found = std::find_if(rules.begin(), rules.end(), fits);
  return found == rules.end() ? nullptr : *found;
}

}  // namespace

const std::vector<const Rule*>& all_rules() {
  static const std::vector<const Rule*> rules{
      // grammar
      &syntax,
      &wrong_frame,
      &bad_instruction,
      &obsolete_restart,
      &skipped_entry,
      &spliced_list,
      &resume_before_suspend,
      &code_change_unsuspended,
      &unbalanced_suspend,
      &unbalanced_stop,
      &misplaced_point_of_no_return,
      &load_without_object_code,
      &text_behind_term,
      &duplicate_instruction,
      &conflicting_object_code,
      // versions
      &shadowed_entry,
      &unmatchable_regex,
      &regex_in_string,
      &one_way_entry,
      &appup_version,
      &uncovered_version,
      // completeness
      &missed_module,
      &needless_module,
      &unknown_module,
      &unknown_application,
      &untied_dependency,
      &missing_appup,
      &missing_entry,
      &wrong_kind_of_instruction,
      &unswitched_protocol,
      &changed_application_unchanged_version,
      // purge
      &brutal_purge_after_load,
      &brutal_purge_before_load,
      &brutal_delete,
      &refusing_purge,
      // processes
      &endless_local_loop,
      &missing_suspend_timeout,
      &suspended_supervisor,
      &unsupervised_suspend,
      &kept_fun,
      // state
      &lost_state,
      &missing_code_change,
      &needless_suspension,
      &one_way_code_change,
      // apply
      &apply_runs_twice,
      &ignored_error,
      &unsafe_apply,
      &undefined_apply,
      // simulation
      &undefined_call,
      &blocked_suspend,
      &late_kill,
      &wrong_end,
      // allowances
      &needless_allowance,
      &unexplained_allowance,
      &unknown_allowance,
  };
  return rules;
}

const Rule* find_rule(std::string_view code_or_name) {
  return find_if([&](const Rule* rule) {
    return same_name(rule->code, code_or_name) || same_name(rule->name, code_or_name);
  });
}

const Rule* rule_of_compiler(std::string_view compiler_rule) {
  return find_if([&](const Rule* rule) {
    const auto& names = rule->compiler_rules;
    return std::find(names.begin(), names.end(), compiler_rule) != names.end();
  });
}

}  // namespace relup::lint
