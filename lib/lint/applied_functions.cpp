// SPDX-License-Identifier: Apache-2.0
#include "lint/applied_functions.hpp"

#include "facts/evaluator.hpp"
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
                bool (*is_wanted)(const beam::Expression& result), Findings& findings) {
  const beam::SourceCode* code = source_of(view, applied);
  if (code == nullptr) return false;
  const beam::SourceFunction* function =
      code->find(applied.function.name.name(), applied.function.arity);
  facts::Evaluator evaluator(*code);
  if (function != nullptr) {
    for (const auto& value : evaluator.results_of(*function)) {
      if (is_wanted(*value.expression)) return true;
    }
  }
  const bool is_too_large = evaluator.is_exhausted() || code->extent() != beam::Extent::whole;
  if (is_too_large) add_too_large(applied, findings);
  return false;
}

void add_too_large(const AppliedFunction& applied, Findings& findings) {
  Diagnostic& finding =
      findings.add(applied.instruction->source, applied.instruction->span,
                   "what " + applied.describe() + " does is not known: " + applied.module.name() +
                       " is too large to be read");
  finding.severity = Severity::note;
}

}  // namespace relup::lint
