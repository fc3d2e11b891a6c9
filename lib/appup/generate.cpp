// SPDX-License-Identifier: Apache-2.0
//
// Upwards: first the added modules, so that nothing that calls them comes before them, then the
// changed ones, then the removed ones leave, when nothing calls them any more. Downwards the same
// backwards.
//
// The order of the changed ones matters only where a call would not resolve:
//   B is loaded after A when the new B calls a function that only the new A exports;
//   A is loaded after B when the old B calls a function that the new A no longer exports.
// Each such pair is a DepMods entry, so that both switch in one group (the compiler loads a module
// after its DepMods on the way up, before them on the way down, and suspends it first). Everything
// else stays a group of its own, and its pause short.
//
// `delete_module` always purges brutally, so a removed module leaves by the low-level `remove` with
// soft purges: whoever still runs it may finish, and the release handler purges it later.

#include "appup/generate.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "appup/module_kind.hpp"

namespace relup::appup {
namespace {

using diff::ModuleChange;
using diff::ModuleFacts;
using diff::ModuleStatus;

using DepMods = std::map<Atom, std::vector<Atom>>;

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

Action switch_module(const ModuleChange& module, const std::vector<Atom>& dep_mods) {
  switch (module_kind(module)) {
    case ModuleKind::plain:
      return LoadModule{module.name, Purge::soft, Purge::soft, dep_mods};
    case ModuleKind::supervisor:
      return Update{module.name,
                    ModuleType::static_module,
                    Term::atom("default"),
                    Term(),
                    Purge::soft,
                    Purge::soft,
                    dep_mods};
    case ModuleKind::process:
      break;
  }
  return Update{module.name,
                ModuleType::dynamic_module,
                Term::atom("default"),
                Term(),
                Purge::soft,
                Purge::soft,
                dep_mods};
}

Action bring_in(Atom module) {
  return LoadModule{module, Purge::soft, Purge::soft, {}};
}
Action take_out(Atom module) {
  return Remove{module, Purge::soft, Purge::soft};
}

std::vector<const ModuleChange*> with_status(const diff::ApplicationChange& application,
                                             ModuleStatus status) {
  std::vector<const ModuleChange*> modules;
  for (const ModuleChange& module : application.modules) {
    if (module.status == status) modules.push_back(&module);
  }
  return modules;
}

}  // namespace

GeneratedScripts generate_scripts(const diff::ApplicationChange& application,
                                  RebuiltModules rebuilt) {
  std::vector<const ModuleChange*> changed = with_status(application, ModuleStatus::changed);
  if (rebuilt == RebuiltModules::include) {
    const auto more = with_status(application, ModuleStatus::rebuilt);
    changed.insert(changed.end(), more.begin(), more.end());
  }
  std::sort(changed.begin(), changed.end(),
            [](const auto* left, const auto* right) { return left->name < right->name; });
  const DepMods dep_mods = find_dep_mods(changed);
  const auto dep_mods_of = [&](Atom name) {
    const auto found = dep_mods.find(name);
    return found == dep_mods.end() ? std::vector<Atom>() : found->second;
  };
  const auto added = with_status(application, ModuleStatus::added);
  const auto removed = with_status(application, ModuleStatus::removed);

  GeneratedScripts scripts;
  for (const ModuleChange* module : added)
    scripts.up.push_back(bring_in(module->name));
  for (const ModuleChange* module : changed) {
    scripts.up.push_back(switch_module(*module, dep_mods_of(module->name)));
  }
  for (const ModuleChange* module : removed)
    scripts.up.push_back(take_out(module->name));

  for (const ModuleChange* module : removed)
    scripts.down.push_back(bring_in(module->name));
  for (auto module = changed.rbegin(); module != changed.rend(); ++module) {
    scripts.down.push_back(switch_module(**module, dep_mods_of((*module)->name)));
  }
  for (const ModuleChange* module : added)
    scripts.down.push_back(take_out(module->name));
  return scripts;
}

}  // namespace relup::appup
