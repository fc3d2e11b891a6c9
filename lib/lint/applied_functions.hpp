// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `apply` steps of a script that an appup or a relup has, not those that relup adds; each with
// the release whose version of the function runs.

#include <optional>
#include <string>
#include <vector>

#include "beam/source/source_code.hpp"
#include "lint/rule.hpp"

namespace relup::lint {

struct AppliedFunction {
  std::size_t step;
  const appup::Instruction* instruction;
  Atom module;
  facts::FunctionName function;
  bool before_point_of_no_return;
  // The release whose version of the module runs; none where the module is not loaded then.
  std::optional<Side> side;

  std::string describe() const;  // "shop:check/1"
};

// Those whose arguments are a list.
std::vector<AppliedFunction> applied_functions(const ScriptView& view);

// The debug information of the module that runs; null where there is none.
const beam::SourceCode* source_of(const ScriptView& view, const AppliedFunction& applied);

// Whether the function may return an expression of which `is_wanted` is true. False where nothing
// is known; with a note in `findings` where that is because the module is too large.
bool may_return(const ScriptView& view, const AppliedFunction& applied,
                bool (*is_wanted)(const beam::Expression& result), Findings& findings);

// Adds the note that an apply was not looked at, because the module is too large.
void add_too_large(const AppliedFunction& applied, Findings& findings);

}  // namespace relup::lint
