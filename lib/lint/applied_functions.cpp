// SPDX-License-Identifier: Apache-2.0
#include "lint/applied_functions.hpp"

#include <algorithm>

#include "facts/value_search.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

std::optional<Side> side_of(const ScriptView& view, Atom module, std::size_t step) {
  const auto if_it_has_it = [&](Side side) {
    const bool has_it = view.releases.owner(side, module) != nullptr;
    return has_it ? std::optional(side) : std::nullopt;
  };
  const Side origin = departing(view.direction);
  const std::optional<simulate::Loaded> loaded = view.simulation.loaded(module, step);
  if (!loaded) return if_it_has_it(origin);  // the same in both
  if (*loaded == simulate::Loaded::nothing) return std::nullopt;
  return if_it_has_it(*loaded == simulate::Loaded::origin ? origin : arriving(view.direction));
}

}  // namespace

std::string AppliedFunction::describe() const {
  return print_function(module.name(), function.name.name(), function.arity);
}

std::vector<AppliedFunction> applied_functions(const ScriptView& view) {
  std::vector<AppliedFunction> found;
  bool is_before = true;
  for (std::size_t step = 0; step < view.script.size(); ++step) {
    const appup::Instruction& instruction = view.script[step];
    if (std::holds_alternative<appup::PointOfNoReturn>(instruction.action)) is_before = false;
    const auto* apply = std::get_if<appup::Apply>(&instruction.action);
    if (apply == nullptr || instruction.source == nullptr) continue;
    if (!apply->arguments.is_proper_list()) continue;
    const auto arity = static_cast<unsigned>(apply->arguments.as_list()->size());
    found.push_back({step,
                     &instruction,
                     apply->module,
                     {apply->function, arity},
                     is_before,
                     side_of(view, apply->module, step)});
  }
  return found;
}

const beam::SourceCode* source_of(const ScriptView& view, const AppliedFunction& applied) {
  return applied.side ? view.releases.source(*applied.side, applied.module) : nullptr;
}

bool may_return(const ScriptView& view, const AppliedFunction& applied,
                const std::function<bool(const beam::Expression&)>& fits) {
  const beam::SourceCode* code = source_of(view, applied);
  if (code == nullptr) return false;
  const beam::SourceFunction* function =
      code->find(applied.function.name.name(), applied.function.arity);
  if (function == nullptr) return false;
  const auto values = facts::ValueSearch(*code).results_of(*function);
  return std::any_of(values.begin(), values.end(),
                     [&](const auto& value) { return fits(*value.expression); });
}

}  // namespace relup::lint
