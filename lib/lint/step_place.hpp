// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a finding about steps of a script is shown: at what somebody wrote that caused one of them.

#include <optional>
#include <vector>

#include "lint/rule.hpp"

namespace relup::lint {

struct StepPlace {
  Source source;
  Span span;
};

// Of the first of `steps` (from 0; those past the end are left out) that has a place; none where
// the releases alone imply all of them.
std::optional<StepPlace> place_of_step(const Script& script, const std::vector<std::size_t>& steps);

// "up from 1.0", "down to 1.0"
std::string way(const ScriptView& view);

}  // namespace relup::lint
