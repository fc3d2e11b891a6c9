// SPDX-License-Identifier: Apache-2.0
#include "beam/code/lingering.hpp"

#include <algorithm>

#include "beam/code/function_set.hpp"
#include "beam/code/known_calls.hpp"

namespace relup::beam {
namespace {

using Kind = CodeStep::Kind;

bool asks(const ModuleCode& code, const CodeStep& step) {
  if (step.kind != Kind::external_call) return false;
  const Import& call = code.imports[step.called];
  return is_request(call) || is_pause(call);
}

// The functions in which a caller may come to wait, wherever that is.
FunctionSet waiting(const ModuleCode& code, const FunctionEdges& callers) {
  return grow_set(callers, [&](std::size_t function, const FunctionSet& known) {
    const auto& steps = code.functions[function].steps;
    return std::any_of(steps.begin(), steps.end(), [&](const CodeStep& step) {
      return step.kind == Kind::waits || asks(code, step) ||
             (step.kind == Kind::local_call && known[step.called]);
    });
  });
}

}  // namespace

// A tail call leaves nothing of the function on the stack.
std::vector<const FunctionCode*> lingering_functions(const ModuleCode& code) {
  const FunctionEdges callers = reversed(local_calls(code));
  const FunctionSet waits = waiting(code, callers);
  const FunctionSet lingers =
      grow_set(callers, [&](std::size_t function, const FunctionSet& known) {
        const auto& steps = code.functions[function].steps;
        return std::any_of(steps.begin(), steps.end(), [&](const CodeStep& step) {
          if (step.kind == Kind::local_call)
            return step.is_tail ? known[step.called] : waits[step.called];
          return step.kind == Kind::waits || (asks(code, step) && !step.is_tail);
        });
      });
  std::vector<const FunctionCode*> found;
  for (std::size_t i = 0; i < lingers.size(); ++i)
    if (lingers[i] && code.functions[i].is_exported) found.push_back(&code.functions[i]);
  return found;
}

}  // namespace relup::beam
