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

}  // namespace relup::lint
