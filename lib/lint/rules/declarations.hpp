// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules by name, for the list in rules.cpp. Codes tell the group: RU0xx grammar, RU1xx
// versions, RU2xx completeness, RU3xx purge, RU4xx processes, RU5xx state, RU6xx apply, RU7xx what
// the simulator finds, RU9xx allowances.

#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule syntax;
extern const Rule wrong_frame;
extern const Rule bad_instruction;
extern const Rule obsolete_restart;
extern const Rule skipped_entry;
extern const Rule spliced_list;
extern const Rule resume_before_suspend;
extern const Rule code_change_unsuspended;
extern const Rule unbalanced_suspend;
extern const Rule unbalanced_stop;
extern const Rule misplaced_point_of_no_return;
extern const Rule load_without_object_code;
extern const Rule text_behind_term;
extern const Rule duplicate_instruction;
extern const Rule conflicting_object_code;

extern const Rule shadowed_entry;
extern const Rule unmatchable_regex;
extern const Rule regex_in_string;
extern const Rule one_way_entry;
extern const Rule appup_version;
extern const Rule uncovered_version;

extern const Rule missed_module;
extern const Rule needless_module;
extern const Rule unknown_module;
extern const Rule unknown_application;
extern const Rule untied_dependency;
extern const Rule missing_appup;
extern const Rule missing_entry;
extern const Rule wrong_kind_of_instruction;
extern const Rule unswitched_protocol;
extern const Rule changed_application_unchanged_version;

extern const Rule lost_state;
extern const Rule missing_code_change;
extern const Rule needless_suspension;
extern const Rule one_way_code_change;

extern const Rule apply_runs_twice;
extern const Rule ignored_error;
extern const Rule unsafe_apply;
extern const Rule undefined_apply;

extern const Rule brutal_purge_after_load;
extern const Rule brutal_purge_before_load;
extern const Rule brutal_delete;
extern const Rule refusing_purge;

extern const Rule endless_local_loop;
extern const Rule missing_suspend_timeout;
extern const Rule suspended_supervisor;
extern const Rule unsupervised_suspend;
extern const Rule kept_fun;

extern const Rule undefined_call;
extern const Rule blocked_suspend;
extern const Rule late_kill;
extern const Rule wrong_end;

extern const Rule needless_allowance;
extern const Rule unexplained_allowance;
extern const Rule unknown_allowance;

}  // namespace relup::lint
