// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a finding about steps of a script is shown: at the instruction of an appup or relup that
// caused one of them.

#include <optional>
#include <vector>

#include "lint/rule.hpp"

namespace relup::lint {

struct StepCause {
  Source source;
  Span span;
};

// Of the first of `steps` that has one; steps count from 0, and those after the end are passed
// over. None where all follow from the releases alone.
std::optional<StepCause> cause_of_steps(const Script& script,
                                        const std::vector<std::size_t>& steps);

// "up from 1.0", "down to 1.0"
std::string describe_way(const ScriptView& view);

}  // namespace relup::lint
