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

#include "appup/insertions.hpp"
#include "appup/module_kind.hpp"
#include "appup/supervision.hpp"
#include "policy/version_template.hpp"

namespace relup::appup {
namespace {

using diff::ModuleChange;
using diff::ModuleStatus;

enum class Suspension { none, while_loading };

policy::ModuleChangeType type_of(const ModuleChange& module, Suspension suspension) {
  using Type = policy::ModuleChangeType;
  switch (module_kind(module)) {
    case ModuleKind::supervisor:
      return Type::supervisor;
    case ModuleKind::process:
      return Type::update;
    case ModuleKind::plain:
      break;
  }
  return suspension == Suspension::while_loading ? Type::soft_update : Type::load;
}

Purge to_purge(policy::PurgeMethod method) {
  return method == policy::PurgeMethod::brutal ? Purge::brutal : Purge::soft;
}

Action load(Atom module, const policy::PurgePair& purge, const std::vector<Atom>& dep_mods) {
  return LoadModule{module, to_purge(purge.before), to_purge(purge.after), dep_mods};
}

Action switch_module(Atom module, policy::ModuleChangeType type, const policy::ModuleWish& wish,
                     const std::vector<Atom>& dep_mods) {
  using Type = policy::ModuleChangeType;
  if (type == Type::load) return load(module, wish.purge, dep_mods);
  Update update{module,
                type == Type::supervisor ? ModuleType::static_module : ModuleType::dynamic_module,
                wish.suspend_timeout,
                wish.extra.value_or(Term()),
                to_purge(wish.purge.before),
                to_purge(wish.purge.after),
                dep_mods};
  if (type == Type::soft_update) update.extra.reset();
  return update;
}

const diff::ApplicationChange& change_of(const EntryRequest& request) {
  const auto& applications = request.bases.front()->diff->applications;
  return *std::find_if(applications.begin(), applications.end(), [&](const auto& application) {
    return application.name == request.application;
  });
}

ModuleTies ties_of(const EntryRequest& request) {
  const std::string& version = change_of(request).from;
  if (request.ties != nullptr) return request.ties->of(request.application, version);
  return ReleaseTies(request.bases).of(request.application, version);
}

// Writes both scripts of one entry.
class EntryWriter {
 public:
  explicit EntryWriter(const EntryRequest& request) : request_(request), ties_(ties_of(request)) {
    for (const ModuleChange& module : change_of(request).modules)
      sort_in(module);
  }

  GeneratedScripts write() {
    GeneratedScripts scripts{script(added_, removed_, Direction::up),
                             script(removed_, added_, Direction::down), std::move(ties_.exposed)};
    add_wishes(Direction::up, scripts.up, scripts.notes);
    add_wishes(Direction::down, scripts.down, scripts.notes);
    return scripts;
  }

 private:
  void sort_in(const ModuleChange& module) {
    if (is_left_alone(policy(), request_.application, module.name)) return;
    const bool is_rebuilt = module.status == ModuleStatus::rebuilt;
    if (module.status == ModuleStatus::moved) {
      sort_in_moved(module.name);
    } else if (module.changes_code() ||
               (is_rebuilt && request_.rebuilt == RebuiltModules::include)) {
      changed_.push_back(&module);
    } else if (module.status == ModuleStatus::added) {
      added_.push_back(&module);
    } else if (module.status == ModuleStatus::removed) {
      removed_.push_back(&module);
    }
  }

  // Only where its code changed, and only where this is the application that has to say so.
  void sort_in_moved(Atom name) {
    const ReleasePlan& plan = *request_.bases.front();
    const auto place = plan.modules.find(name);
    if (place == plan.modules.end() || !(place->second.application == request_.application)) return;
    for (const diff::ApplicationChange& application : plan.diff->applications) {
      for (const ModuleChange& module : application.modules) {
        if (module.name == name && module.changes_code()) changed_.push_back(&module);
      }
    }
  }

  // A module that moved out of an application that goes, or into one that comes, is brought by that
  // one in one of the directions.
  bool is_switched(const ModuleChange& module, Direction direction) const {
    return module.status != ModuleStatus::moved ||
           can_be_tied(request_.bases.front()->modules.at(module.name), direction);
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
    for (const ModuleChange* module : coming)
      actions.push_back(
          load(module->name, wish(module->name, direction).purge, dep_mods_of(module->name)));
    std::vector<const ModuleChange*> changed = changed_;
    if (direction == Direction::down) std::reverse(changed.begin(), changed.end());
    for (const ModuleChange* module : changed) {
      if (!is_switched(*module, direction)) continue;
      const bool is_process = diff::state_position(*module->new_facts) > 0;
      const bool is_cyclic = cyclic.contains(module->name);
      const Suspension suspension =
          is_process && is_cyclic ? Suspension::while_loading : Suspension::none;
      const policy::ModuleWish wished = wish(module->name, direction);
      actions.push_back(switch_module(module->name,
                                      wished.change.value_or(type_of(*module, suspension)), wished,
                                      dep_mods_of(module->name)));
    }
    for (const ModuleChange* module : going) {
      const policy::PurgePair purge = wish(module->name, direction).purge;
      actions.push_back(Remove{module->name, to_purge(purge.before), to_purge(purge.after)});
    }
    return actions;
  }

  // What the policy adds to a script.
  void add_wishes(Direction direction, std::vector<Action>& script, Diagnostics& diagnostics) {
    const diff::ApplicationChange& change = change_of(request_);
    if (policy().supervision(request_.application) == policy::Supervision::generate) {
      SupervisionSteps steps = supervision_steps(change, direction);
      script.insert(script.begin(), steps.first.begin(), steps.first.end());
      script.insert(script.end(), steps.last.begin(), steps.last.end());
    }
    const auto [from, to] = versions(direction);
    insert_instructions({policy().insertions(request_.application), direction, from, to}, script,
                        diagnostics);
  }

  const policy::Policy& policy() const {
    static const policy::Policy none;
    return request_.policy == nullptr ? none : *request_.policy;
  }

  policy::ModuleWish wish(Atom module, Direction direction) const {
    policy::ModuleWish wished = policy().module(request_.application, module);
    if (!wished.extra) return wished;
    const auto [from, to] = versions(direction);
    wished.extra = policy::with_versions(*wished.extra, from, to);
    return wished;
  }

  // Where a script leads from and to.
  std::pair<std::string, std::string> versions(Direction direction) const {
    const diff::ApplicationChange& change = change_of(request_);
    if (direction == Direction::up) return {change.from, change.to};
    return {change.to, change.from};
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
