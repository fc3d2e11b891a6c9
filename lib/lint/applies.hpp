// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `apply` steps of a script that somebody wrote, each with the version of the function that
// runs.

#include <optional>
#include <string>
#include <vector>

#include "beam/source/source_code.hpp"
#include "facts/evaluator.hpp"
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

// The debug information of the module that runs; none where there is none.
std::optional<beam::SourceCode> source_of(const ScriptView& view, const AppliedFunction& applied);

// Whether the function may answer an expression of which `is_wanted` is true.
facts::Reading<bool> may_answer(const beam::SourceCode& code, const facts::FunctionName& function,
                                bool (*is_wanted)(const beam::Expression& answer));

// The note that nothing is said of an apply, because the module is too large.
void add_too_large(const AppliedFunction& applied, Findings& findings);

}  // namespace relup::lint
