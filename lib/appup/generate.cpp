// SPDX-License-Identifier: Apache-2.0
//
// Upwards: first the added modules, so that nothing that calls them comes before them, then the
// changed ones, then the removed ones leave, when nothing calls them any more. Downwards the same
// backwards.
//
// Among the changed ones only calls that would not resolve make an order (load_order.hpp). Modules
// that need each other both ways have none: of those, whatever runs in processes is suspended while
// they switch, so that nobody calls what is not there. Everything else stays a group of its own,
// and its pause short.
//
// `delete_module` always purges brutally, so a removed module leaves by the low-level `remove` with
// soft purges: whoever still runs it may finish, and the release handler purges it later.

#include "appup/generate.hpp"

#include <algorithm>

#include "appup/load_order.hpp"
#include "appup/module_kind.hpp"

namespace relup::appup {
namespace {

using diff::ModuleChange;
using diff::ModuleStatus;

enum class Suspension { none, while_loading };

Action switch_module(const ModuleChange& module, const std::vector<Atom>& dep_mods,
                     Suspension suspension) {
  switch (module_kind(module)) {
    case ModuleKind::plain:
      if (suspension == Suspension::none) {
        return LoadModule{module.name, Purge::soft, Purge::soft, dep_mods};
      }
      return Update{module.name,
                    ModuleType::dynamic_module,
                    Term::atom("default"),
                    std::nullopt,
                    Purge::soft,
                    Purge::soft,
                    dep_mods};
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
  const std::set<Atom> cyclic = find_cycles(dep_mods);
  const auto instruction = [&](const ModuleChange& module) {
    const auto found = dep_mods.find(module.name);
    const bool is_process = diff::state_position(*module.new_facts) > 0;
    return switch_module(
        module, found == dep_mods.end() ? std::vector<Atom>() : found->second,
        is_process && cyclic.contains(module.name) ? Suspension::while_loading : Suspension::none);
  };
  const auto added = with_status(application, ModuleStatus::added);
  const auto removed = with_status(application, ModuleStatus::removed);

  GeneratedScripts scripts;
  for (const ModuleChange* module : added)
    scripts.up.push_back(bring_in(module->name));
  for (const ModuleChange* module : changed) {
    scripts.up.push_back(instruction(*module));
  }
  for (const ModuleChange* module : removed)
    scripts.up.push_back(take_out(module->name));

  for (const ModuleChange* module : removed)
    scripts.down.push_back(bring_in(module->name));
  for (auto module = changed.rbegin(); module != changed.rend(); ++module) {
    scripts.down.push_back(instruction(**module));
  }
  for (const ModuleChange* module : added)
    scripts.down.push_back(take_out(module->name));
  return scripts;
}

}  // namespace relup::appup
