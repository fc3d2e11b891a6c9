// SPDX-License-Identifier: Apache-2.0
#pragma once

// Scripts that have OTP's release handler walk through all supervision trees of the node, which it
// does where it suspends, stops or starts processes (release_handler_1:get_supervised_procs/0).

#include <functional>

#include "lint/rule.hpp"
#include "lint/step_cause.hpp"

namespace relup::lint {

// Calls `found` with each child of that kind in the release where the script starts, and the
// instruction that causes the walk. On the way down only with those that the way up has not met.
void for_walked_children(
    const ScriptView& view, MisdeclaredChild::Kind kind,
    const std::function<void(const MisdeclaredChild&, const StepCause&)>& found);

}  // namespace relup::lint
