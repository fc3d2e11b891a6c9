// SPDX-License-Identifier: Apache-2.0
#include "plan/module_kind.hpp"

#include "facts/evaluator.hpp"

namespace relup::plan {
namespace {

using facts::ModuleFacts;

// A gen_server that becomes a gen_statem cannot take the state of a live process over.
bool is_same_kind(const diff::ModuleChange& module) {
  return facts::state_position(*module.old_facts) == facts::state_position(*module.new_facts);
}

// "gen_server"; "module" without a behaviour.
std::string noun_of(const ModuleFacts& facts) {
  std::string names;
  for (const Atom behaviour : facts.behaviours)
    names += (names.empty() ? "" : " and ") + behaviour.name();
  return names.empty() ? "module" : names;
}

// The atoms of an expression that is an atom or a list of atoms, as callback_mode/0 returns it.
bool append_literal(const beam::Expression& expression, Term::Elements& values) {
  if (expression.kind == beam::Expression::Kind::literal) {
    values.push_back(expression.value);
    return true;
  }
  if (expression.kind != beam::Expression::Kind::list) return false;
  for (const beam::Expression& part : expression.parts) {
    if (!append_literal(part, values)) return false;
  }
  return true;
}

// All that callback_mode/0 may return; none where that does not stand there literally.
std::optional<Term> callback_mode(const ModuleFacts& facts) {
  const beam::SourceCode* source = facts.source();
  const beam::SourceFunction* function =
      source != nullptr ? source->find("callback_mode", 0) : nullptr;
  if (function == nullptr) return std::nullopt;
  Term::Elements values;
  facts::Evaluator evaluator(*source);
  for (const auto& result : evaluator.results_of(*function)) {
    if (!append_literal(*result.expression, values)) return std::nullopt;
  }
  return values.empty() ? std::nullopt : std::optional(Term::list(std::move(values)));
}

// Whether a change of code would do nothing to a process, although it can be made.
bool has_nothing_to_do(const diff::ModuleChange& module) {
  const ModuleFacts& new_facts = *module.new_facts;
  if (module.has_leftover_code_change) return true;
  if (!new_facts.keeps_state || module.state_change) return false;
  if (!new_facts.has_behaviour("gen_statem")) return facts::state_position(new_facts) > 0;
  const auto mode = callback_mode(new_facts);
  return mode && mode == callback_mode(*module.old_facts);
}

}  // namespace

ModuleKind module_kind(const diff::ModuleChange& module) {
  const ModuleFacts& old_facts = *module.old_facts;
  const ModuleFacts& new_facts = *module.new_facts;
  if (facts::is_supervisor(old_facts) && facts::is_supervisor(new_facts)) {
    return is_supervisor_without_code_change(new_facts) ? ModuleKind::plain
                                                        : ModuleKind::supervisor;
  }
  if (!facts::state_callback(new_facts) || !is_same_kind(module)) return ModuleKind::plain;
  return has_nothing_to_do(module) ? ModuleKind::plain : ModuleKind::process;
}

bool is_supervisor_without_code_change(const ModuleFacts& module) {
  return facts::is_supervisor(module) && facts::state_position(module) > 0 &&
         !facts::state_callback(module);
}

std::string reason_of_kind(const diff::ModuleChange& module) {
  const ModuleKind kind = module_kind(module);
  const std::string noun = noun_of(*module.new_facts);
  if (kind == ModuleKind::supervisor) return noun + ", whose init/1 runs again";
  const auto callback = facts::state_callback(*module.new_facts);
  if (!callback) return noun + " without code_change";
  if (!is_same_kind(module)) return noun + " that was " + noun_of(*module.old_facts) + " before";
  const std::string name = std::string(callback->name) + "/" + std::to_string(callback->arity);
  if (kind == ModuleKind::process) return noun + " with " + name;
  if (module.has_leftover_code_change)
    return noun + " whose " + name +
           " is the same in both releases, left over from an earlier step";
  return noun + " whose " + name + " returns the state as it was";
}

}  // namespace relup::plan
