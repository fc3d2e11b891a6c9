// SPDX-License-Identifier: Apache-2.0
//
// Upwards: first the added modules, so that nothing that calls them comes before them, then the
// changed ones, then the removed ones leave, when nothing calls them any more. Downwards the same
// backwards.
//
// Among the changed ones only calls that would not resolve make an order (module_ties.hpp). Modules
// that need each other both ways have none: of those, whatever runs in processes is suspended while
// they switch, so that nobody calls what is not there. Everything else stays a group of its own,
// and its pause short.
//
// `delete_module` always purges brutally, so a removed module leaves by the low-level `remove` with
// soft purges: whoever still runs it may finish, and the release handler purges it later.

#include "appup/generate.hpp"

#include <algorithm>

#include "appup/module_kind.hpp"
#include "appup/module_ties.hpp"

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

const diff::ApplicationChange& change_of(const EntryRequest& request) {
  const auto& applications = request.bases.front()->diff->applications;
  return *std::find_if(applications.begin(), applications.end(), [&](const auto& application) {
    return application.name == request.application;
  });
}

// Writes both scripts of one entry.
class EntryWriter {
 public:
  explicit EntryWriter(const EntryRequest& request)
      : request_(request), ties_(tie_modules(request.application, request.bases)) {
    for (const ModuleChange& module : change_of(request).modules)
      sort_in(module);
  }

  GeneratedScripts write() {
    GeneratedScripts scripts{script(added_, removed_, Direction::up),
                             script(removed_, added_, Direction::down), std::move(ties_.exposed)};
    return scripts;
  }

 private:
  void sort_in(const ModuleChange& module) {
    const bool is_rebuilt = module.status == ModuleStatus::rebuilt;
    if (module.changes_code() || (is_rebuilt && request_.rebuilt == RebuiltModules::include)) {
      changed_.push_back(&module);
    } else if (module.status == ModuleStatus::added) {
      added_.push_back(&module);
    } else if (module.status == ModuleStatus::removed) {
      removed_.push_back(&module);
    }
  }

  std::vector<Action> script(const std::vector<const ModuleChange*>& coming,
                             const std::vector<const ModuleChange*>& going, Direction direction) {
    const DepMods& dep_mods = direction == Direction::up ? ties_.up : ties_.down;
    const std::set<Atom> cyclic = find_cycles(dep_mods);
    const auto dep_mods_of = [&](Atom module) {
      const auto found = dep_mods.find(module);
      return found == dep_mods.end() ? std::vector<Atom>() : found->second;
    };
    std::vector<Action> actions;
    for (const ModuleChange* module : coming) {
      actions.push_back(
          LoadModule{module->name, Purge::soft, Purge::soft, dep_mods_of(module->name)});
    }
    std::vector<const ModuleChange*> changed = changed_;
    if (direction == Direction::down) std::reverse(changed.begin(), changed.end());
    for (const ModuleChange* module : changed) {
      const bool is_process = diff::state_position(*module->new_facts) > 0;
      const bool is_cyclic = cyclic.contains(module->name);
      actions.push_back(
          switch_module(*module, dep_mods_of(module->name),
                        is_process && is_cyclic ? Suspension::while_loading : Suspension::none));
    }
    for (const ModuleChange* module : going)
      actions.push_back(Remove{module->name, Purge::soft, Purge::soft});
    return actions;
  }

  const EntryRequest& request_;
  ModuleTies ties_;
  std::vector<const ModuleChange*> changed_;  // sorted by name, as all of them
  std::vector<const ModuleChange*> added_;
  std::vector<const ModuleChange*> removed_;
};

}  // namespace

GeneratedScripts generate_scripts(const EntryRequest& request) {
  return EntryWriter(request).write();
}

}  // namespace relup::appup
