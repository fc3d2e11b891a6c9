// SPDX-License-Identifier: Apache-2.0
//
// Upwards: first the added modules, so that nothing that calls them comes before them, then the
// changed ones, then the removed ones leave, when nothing calls them any more. Downwards the same
// backwards. Where the policy has children started and stopped, it is among the changed ones.
//
// Among the changed ones only calls that would not resolve make an order (module_ties.hpp). Modules
// that need each other both ways have none: of those, whatever runs in processes is suspended while
// they switch, so that nobody calls what is not there. Everything else stays a group of its own,
// and its pause short.
//
// `delete_module` always purges brutally, so a removed module leaves by the low-level `remove` with
// soft purges: whoever still runs it may finish, and the release handler purges it later.

#include "plan/plan_scripts.hpp"

#include <algorithm>

#include "plan/child_order.hpp"
#include "plan/insertions.hpp"
#include "plan/module_kind.hpp"
#include "plan/supervision.hpp"
#include "policy/version_template.hpp"

namespace relup::plan {
namespace {

using diff::ModuleChange;
using diff::ModuleStatus;

// Where the policy says what code_change is told, it is to be called, left over or not.
policy::ModuleChangeType type_of(const ModuleChange& module, const policy::ModuleWish& wish,
                                 Suspension suspension) {
  using Type = policy::ModuleChangeType;
  if (module.has_leftover_code_change && wish.extra) return Type::update;
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

appup::Purge to_purge(policy::PurgeMethod method) {
  return method == policy::PurgeMethod::brutal ? appup::Purge::brutal : appup::Purge::soft;
}

appup::Action load(Atom module, const policy::PurgePair& purge, const std::vector<Atom>& dep_mods) {
  return appup::LoadModule{module, to_purge(purge.before), to_purge(purge.after), dep_mods};
}

appup::Action switch_module(Atom module, policy::ModuleChangeType type,
                            const policy::ModuleWish& wish, const std::vector<Atom>& dep_mods) {
  using Type = policy::ModuleChangeType;
  if (type == Type::load) return load(module, wish.purge, dep_mods);
  appup::Update update{module,
                       type == Type::supervisor ? appup::ModuleType::static_module
                                                : appup::ModuleType::dynamic_module,
                       wish.suspend_timeout,
                       wish.extra.value_or(Term()),
                       to_purge(wish.purge.before),
                       to_purge(wish.purge.after),
                       dep_mods};
  if (type == Type::soft_update) update.extra.reset();
  return update;
}

const diff::ApplicationChange& change_of(const EntryRequest& request) {
  return *request.bases.front()->diff->find(request.application);
}

ModuleTies ties_of(const EntryRequest& request) {
  const std::string& version = change_of(request).old_version;
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

  PlannedScripts write() {
    PlannedScripts scripts;
    scripts.notes = std::move(ties_.exposed);
    scripts.up = write(appup::Direction::up, scripts);
    scripts.down = write(appup::Direction::down, scripts);
    return scripts;
  }

 private:
  void sort_in(const ModuleChange& module) {
    const bool is_rebuilt = module.status == ModuleStatus::rebuilt;
    if (is_left_alone(policy(), request_.application, module.name)) {
      untouched_.emplace_back(module.name, "relup.yaml says to leave it alone");
    } else if (module.status == ModuleStatus::moved) {
      sort_in_moved(module.name);
    } else if (module.changes_code || (is_rebuilt && request_.rebuilt == RebuiltModules::include)) {
      changed_.push_back(&module);
    } else if (module.status == ModuleStatus::added) {
      added_.push_back(&module);
    } else if (module.status == ModuleStatus::removed) {
      removed_.push_back(&module);
    } else if (is_rebuilt) {
      untouched_.emplace_back(module.name, "same code, compiled anew");
    }
  }

  // Only where its code changed, and only where this is the application that has to say so.
  void sort_in_moved(Atom name) {
    const ReleasePlan& plan = *request_.bases.front();
    const auto place = plan.modules.find(name);
    if (place == plan.modules.end() || !(place->second.application == request_.application)) return;
    for (const diff::ApplicationChange& application : plan.diff->applications) {
      for (const ModuleChange& module : application.modules) {
        if (module.name == name && module.changes_code) changed_.push_back(&module);
      }
    }
  }

  // A module that moved out of an application that goes, or into one that comes, is brought by that
  // one in one of the directions.
  bool is_switched(const ModuleChange& module, appup::Direction direction) const {
    return module.status != ModuleStatus::moved ||
           can_be_tied(request_.bases.front()->modules.at(module.name), direction);
  }

  // The script of one direction; what is to be said of it goes to `scripts`.
  std::vector<appup::Action> write(appup::Direction direction, PlannedScripts& scripts) {
    Decisions decisions = switch_modules(direction);
    std::vector<appup::Action> script;
    for (const Decision& decision : decisions)
      script.push_back(*decision.instruction);
    insert_wishes(direction, script, decisions, scripts.notes);
    for (const auto& [module, reason] : untouched_)
      decisions.push_back({direction, module, std::nullopt, {reason}});
    std::move(decisions.begin(), decisions.end(), std::back_inserter(scripts.decisions));
    return script;
  }

  Decisions switch_modules(appup::Direction direction) const {
    const bool up = direction == appup::Direction::up;
    Decisions decisions;
    for (const ModuleChange* module : up ? added_ : removed_)
      decisions.push_back(bring(*module, direction));
    add_changes(change_all(direction), direction, decisions);
    for (const ModuleChange* module : up ? removed_ : added_)
      decisions.push_back(take_away(*module, direction));
    return decisions;
  }

  Decisions change_all(appup::Direction direction) const {
    const bool up = direction == appup::Direction::up;
    const std::set<Atom> cyclic = find_cycles(up ? ties_.up : ties_.down);
    std::vector<const ModuleChange*> changed = changed_;
    if (!up) std::reverse(changed.begin(), changed.end());
    Decisions decisions;
    for (const ModuleChange* module : changed) {
      if (!is_switched(*module, direction)) continue;
      const bool is_process = facts::state_position(*module->new_facts) > 0;
      const bool is_cyclic = cyclic.contains(module->name);
      decisions.push_back(
          change(*module, direction,
                 is_process && is_cyclic ? Suspension::while_loading : Suspension::none));
    }
    return decisions;
  }

  Decision bring(const ModuleChange& module, appup::Direction direction) const {
    const policy::ModuleWish wished = wish(module.name, direction);
    Decision decision{direction,
                      module.name,
                      load(module.name, wished.purge, dep_mods_of(module.name, direction)),
                      {"only " + versions(direction).second + " has it"}};
    add(reasons_to_wait(ties_, direction, module.name), decision);
    add(reasons_to_purge(wished), decision);
    return decision;
  }

  Decision change(const ModuleChange& module, appup::Direction direction,
                  Suspension suspension) const {
    const policy::ModuleWish wished = wish(module.name, direction);
    const policy::ModuleChangeType type =
        wished.change.value_or(type_of(module, wished, suspension));
    const bool is_soft = type == policy::ModuleChangeType::soft_update;
    Decision decision{direction,
                      module.name,
                      switch_module(module.name, type, wished, dep_mods_of(module.name, direction)),
                      {}};
    decision.because =
        reasons_to_switch(module, decision, wished, is_soft ? suspension : Suspension::none);
    add(reasons_to_wait(ties_, direction, module.name), decision);
    return decision;
  }

  Decision take_away(const ModuleChange& module, appup::Direction direction) const {
    const policy::ModuleWish wished = wish(module.name, direction);
    const appup::Remove remove{module.name, to_purge(wished.purge.before),
                               to_purge(wished.purge.after)};
    Decision decision{
        direction, module.name, remove, {"only " + versions(direction).first + " has it"}};
    add(reasons_to_purge(wished), decision);
    return decision;
  }

  static void add(const std::vector<std::string>& reasons, Decision& decision) {
    decision.because.insert(decision.because.end(), reasons.begin(), reasons.end());
  }

  std::vector<Atom> dep_mods_of(Atom module, appup::Direction direction) const {
    const DepMods& dep_mods = direction == appup::Direction::up ? ties_.up : ties_.down;
    const auto found = dep_mods.find(module);
    return found == dep_mods.end() ? std::vector<Atom>() : found->second;
  }

  // What changes, and what a policy that wants it does to children meanwhile (child_order.hpp).
  void add_changes(const Decisions& changes, appup::Direction direction,
                   Decisions& decisions) const {
    SupervisionSteps steps;
    std::map<Atom, Turn> turns;
    if (policy().supervision(request_.application) == policy::Supervision::generate) {
      steps = supervision_steps(change_of(request_), direction);
      turns = turns_around_children(change_of(request_), direction,
                                    direction == appup::Direction::up ? ties_.up : ties_.down);
    }
    for (const Turn turn : {Turn::before, Turn::between, Turn::after}) {
      if (turn == Turn::between) add_steps(steps.stop, direction, decisions);
      if (turn == Turn::after) add_steps(steps.start, direction, decisions);
      for (const Decision& change : changes) {
        const auto known = turns.find(change.subject);
        if ((known == turns.end() ? Turn::before : known->second) == turn)
          decisions.push_back(change);
      }
    }
  }

  void add_steps(const std::vector<appup::Action>& actions, appup::Direction direction,
                 Decisions& decisions) const {
    for (const appup::Action& action : actions)
      decisions.push_back({direction,
                           request_.application,
                           action,
                           {"relup.yaml says to start and stop children of supervisors"}});
  }

  // What the policy adds to a script.
  void insert_wishes(appup::Direction direction, std::vector<appup::Action>& script,
                     Decisions& decisions, Diagnostics& diagnostics) const {
    const auto [from, to] = versions(direction);
    const std::vector<appup::Action> inserted = insert_instructions(
        {policy().insertions(request_.application), direction, from, to}, script, diagnostics);
    for (const appup::Action& action : inserted)
      decisions.push_back({direction, request_.application, action, {"relup.yaml adds it"}});
  }

  const policy::Policy& policy() const {
    static const policy::Policy none;
    return request_.policy == nullptr ? none : *request_.policy;
  }

  policy::ModuleWish wish(Atom module, appup::Direction direction) const {
    policy::ModuleWish wished = policy().module(request_.application, module);
    if (!wished.extra) return wished;
    const auto [from, to] = versions(direction);
    wished.extra = policy::with_versions(*wished.extra, from, to);
    return wished;
  }

  // Where a script leads from and to.
  std::pair<std::string, std::string> versions(appup::Direction direction) const {
    const diff::ApplicationChange& change = change_of(request_);
    if (direction == appup::Direction::up) return {change.old_version, change.new_version};
    return {change.new_version, change.old_version};
  }

  const EntryRequest& request_;
  ModuleTies ties_;
  std::vector<const ModuleChange*> changed_;  // sorted by name, as all of them
  std::vector<const ModuleChange*> added_;
  std::vector<const ModuleChange*> removed_;
  std::vector<std::pair<Atom, std::string>> untouched_;  // and why
};

}  // namespace

PlannedScripts plan_scripts(const EntryRequest& request) {
  return EntryWriter(request).write();
}

}  // namespace relup::plan
