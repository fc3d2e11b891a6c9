// SPDX-License-Identifier: Apache-2.0
#pragma once

// The facts of live_data.hpp as the words that people read, and the rule that each belongs to: the
// same for whoever shows them.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "diff/module_change.hpp"

namespace relup::diff {

// "kept-data"
std::string_view rule_of(LiveDataChange::Kind kind);
// Milder where only the way back is concerned.
Severity severity_of(const LiveDataChange& change);

// "cart keeps #item{} in its state, and record item has the new field tax"
std::string describe(const ModuleChange& module, const LiveDataChange& change);
// What to do about it.
std::vector<std::string> advice_for(const ModuleChange& module, const LiveDataChange& change);

}  // namespace relup::diff
