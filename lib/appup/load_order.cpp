// SPDX-License-Identifier: Apache-2.0
#include "appup/load_order.hpp"

#include <algorithm>
#include <optional>

namespace relup::appup {
namespace {

using diff::ModuleChange;
using diff::ModuleFacts;

bool exports(const ModuleFacts& facts, const beam::Import& call) {
  return std::binary_search(facts.exports.begin(), facts.exports.end(),
                            diff::FunctionName{call.function, call.arity});
}

using Changed = std::map<Atom, const ModuleChange*>;

// The changed modules of which `caller`, in one version, calls a function that only that version of
// them exports.
template <typename Visit>
void visit_calls(const ModuleFacts& caller, const Changed& changed,
                 std::optional<ModuleFacts> ModuleChange::*same_version,
                 std::optional<ModuleFacts> ModuleChange::*other_version, Visit visit) {
  for (const beam::Import& call : caller.imports) {
    const auto callee = changed.find(call.module);
    if (callee == changed.end() || call.module == caller.module) continue;
    const ModuleChange& module = *callee->second;
    if (exports(*(module.*same_version), call) && !exports(*(module.*other_version), call)) {
      visit(call.module);
    }
  }
}

bool reaches(const DepMods& dep_mods, Atom from, Atom goal, std::set<Atom>& seen) {
  const auto found = dep_mods.find(from);
  if (found == dep_mods.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](Atom next) {
    return next == goal || (seen.insert(next).second && reaches(dep_mods, next, goal, seen));
  });
}

}  // namespace

DepMods find_dep_mods(const std::vector<const ModuleChange*>& modules) {
  Changed changed;
  for (const ModuleChange* module : modules)
    changed[module->name] = module;
  DepMods dep_mods;
  for (const ModuleChange* caller : modules) {
    visit_calls(*caller->new_facts, changed, &ModuleChange::new_facts, &ModuleChange::old_facts,
                [&](Atom callee) { dep_mods[caller->name].push_back(callee); });
    visit_calls(*caller->old_facts, changed, &ModuleChange::old_facts, &ModuleChange::new_facts,
                [&](Atom callee) { dep_mods[callee].push_back(caller->name); });
  }
  for (auto& [name, dependencies] : dep_mods) {
    std::sort(dependencies.begin(), dependencies.end());
    dependencies.erase(std::unique(dependencies.begin(), dependencies.end()), dependencies.end());
  }
  return dep_mods;
}

std::set<Atom> find_cycles(const DepMods& dep_mods) {
  std::set<Atom> members;
  for (const auto& entry : dep_mods) {
    std::set<Atom> seen;
    if (reaches(dep_mods, entry.first, entry.first, seen)) members.insert(entry.first);
  }
  return members;
}

}  // namespace relup::appup
