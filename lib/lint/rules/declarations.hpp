// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules by name, for the list in rules.cpp. Codes tell the group: RU0xx grammar, RU1xx
// versions, RU2xx completeness, RU3xx purge, RU4xx processes, RU5xx state, RU6xx apply, RU7xx what
// the simulator finds, RU9xx allowances.

#include "lint/rule.hpp"

namespace relup::lint {

extern const Rule bad_instruction;
extern const Rule obsolete_restart;

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

}  // namespace relup::lint
