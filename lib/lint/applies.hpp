// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `apply` steps of a script that somebody wrote, each with the version of the function that
// runs.

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

// The debug information of the module that runs; none where there is none.
std::optional<beam::SourceCode> source_of(const ScriptView& view, const AppliedFunction& applied);

// What the function may answer: expressions that live in `code`. Empty where nothing is known.
std::vector<const beam::Expression*> answers_of(const beam::SourceCode& code,
                                                const facts::FunctionName& function);

}  // namespace relup::lint
