// SPDX-License-Identifier: Apache-2.0
#include "lint/applies.hpp"

#include "diff/value_search.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// A module that is the same in both releases is loaded all the time.
std::optional<Side> side_of(const ScriptView& view, Atom module, std::size_t step) {
  const std::optional<Loaded> loaded = view.simulation.loaded(module, step);
  if (!loaded) {
    return view.upgrade.owner(Side::to, module) != nullptr &&
                   view.upgrade.owner(Side::from, module) != nullptr
               ? std::optional(Side::to)
               : std::nullopt;
  }
  if (*loaded == Loaded::nothing) return std::nullopt;
  const Side side =
      *loaded == Loaded::origin ? origin_of(view.direction) : target_of(view.direction);
  return view.upgrade.owner(side, module) != nullptr ? std::optional(side) : std::nullopt;
}

}  // namespace

std::string AppliedFunction::describe() const {
  return print_atom(module.name()) + ":" + print_atom(function.name.name()) + "/" +
         std::to_string(function.arity);
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

AppliedSource::AppliedSource(const ScriptView& view, const AppliedFunction& applied)
    : function_(applied.function) {
  if (applied.side) code_ = beam::read_source_code(view.upgrade.file(*applied.side, applied.module));
}

std::vector<const beam::Expression*> AppliedSource::results() const {
  std::vector<const beam::Expression*> results;
  const beam::SourceFunction* function =
      code_ ? code_->find(function_.name.name(), function_.arity) : nullptr;
  if (function == nullptr) return results;
  for (const auto& value : diff::ValueSearch(*code_).results_of(*function))
    results.push_back(value.expression);
  return results;
}

}  // namespace relup::lint
