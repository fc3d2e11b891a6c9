// SPDX-License-Identifier: Apache-2.0
#include "appup/module_kind.hpp"

namespace relup::appup {
namespace {

// A gen_server that becomes a gen_statem cannot take the state of a live process over.
bool is_same_kind(const diff::ModuleChange& module) {
  return diff::state_position(*module.old_facts) == diff::state_position(*module.new_facts);
}

// "gen_server"; "module" without a behaviour.
std::string noun_of(const diff::ModuleFacts& facts) {
  std::string names;
  for (const Atom behaviour : facts.behaviours)
    names += (names.empty() ? "" : " and ") + behaviour.name();
  return names.empty() ? "module" : names;
}

}  // namespace

ModuleKind module_kind(const diff::ModuleChange& module) {
  const diff::ModuleFacts& before = *module.old_facts;
  const diff::ModuleFacts& after = *module.new_facts;
  if (diff::is_supervisor(before) && diff::is_supervisor(after)) return ModuleKind::supervisor;
  if (!diff::state_callback(after) || !is_same_kind(module)) return ModuleKind::plain;
  const bool has_nothing_to_do = after.keeps_state && !module.state_change;
  return has_nothing_to_do ? ModuleKind::plain : ModuleKind::process;
}

std::string reason_of_kind(const diff::ModuleChange& module) {
  const ModuleKind kind = module_kind(module);
  const std::string noun = noun_of(*module.new_facts);
  if (kind == ModuleKind::supervisor) return noun + ", whose init/1 runs again";
  const auto callback = diff::state_callback(*module.new_facts);
  if (!callback) return noun + " without code_change";
  if (!is_same_kind(module)) return noun + " that was " + noun_of(*module.old_facts) + " before";
  const std::string name = std::string(callback->name) + "/" + std::to_string(callback->arity);
  if (kind == ModuleKind::process) return noun + " with " + name;
  return noun + " whose " + name + " returns the state as it was";
}

}  // namespace relup::appup
