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

extern const Rule needless_allowance;
extern const Rule unexplained_allowance;
extern const Rule unknown_allowance;

}  // namespace relup::lint
