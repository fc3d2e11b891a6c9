// SPDX-License-Identifier: Apache-2.0
#include "plan/release_plan.hpp"

namespace relup::plan {
namespace {

using diff::ApplicationChange;
using diff::ApplicationStatus;
using diff::ModuleChange;
using diff::ModuleStatus;

// A module that comes is loaded on the way up and leaves by a low-level instruction on the way
// down, which knows no DepMods; one that goes, the other way round.
Tying tying_of(const ModuleChange& module) {
  if (module.changes_code) return Tying::both_ways;
  if (module.status == ModuleStatus::added) return Tying::up_only;
  if (module.status == ModuleStatus::removed) return Tying::down_only;
  return Tying::none;
}

// Of a script: what comes, what changes, what goes.
constexpr std::size_t phases = 3;
constexpr std::size_t changed_phase = 1;

std::size_t phase_of(const ModuleChange& module, appup::Direction direction) {
  const bool up = direction == appup::Direction::up;
  if (module.status == ModuleStatus::added) return up ? 0 : 2;
  if (module.status == ModuleStatus::removed) return up ? 2 : 0;
  return changed_phase;
}

std::map<Atom, std::size_t> positions_in(const release::ResolvedRelease& new_release) {
  std::map<Atom, std::size_t> positions;
  for (const release::Application& application : new_release.applications)
    positions.emplace(application.name(), positions.size() + 1);
  return positions;
}

class Planner {
 public:
  Planner(const diff::ReleaseDiff& diff, const release::ResolvedRelease& new_release,
          const std::set<Atom>& foreign, const policy::Policy& policy)
      : plan_{&diff, find_dependencies(diff), {}},
        positions_(positions_in(new_release)),
        foreign_(foreign),
        policy_(policy) {}

  ReleasePlan plan() {
    for (const ApplicationChange& application : plan_.diff->applications) {
      for (const ModuleChange& module : application.modules) {
        if (module.status == ModuleStatus::moved && !module.new_facts) {
          left_.emplace(module.name, &application);
        }
      }
    }
    for (const ApplicationChange& application : plan_.diff->applications) {
      for (const ModuleChange& module : application.modules)
        place(application, module);
    }
    return std::move(plan_);
  }

 private:
  void place(const ApplicationChange& application, const ModuleChange& module) {
    const bool is_moved = module.status == ModuleStatus::moved;
    if (is_moved && !module.new_facts) return;
    const ApplicationChange* left = is_moved ? left_.at(module.name) : nullptr;
    // Between two that come and go as a whole, nobody has to say anything of it.
    const bool is_brought = is_moved && application.status == ApplicationStatus::added;
    const bool is_taken_back = is_moved && left->status == ApplicationStatus::removed;
    const ApplicationChange& writer = is_brought ? *left : application;
    Tying tying = is_written(writer, module) ? tying_of(module) : Tying::none;
    if (tying != Tying::none && is_brought) tying = Tying::down_only;
    if (tying != Tying::none && is_taken_back) tying = Tying::up_only;
    const ApplicationChange& down_writer = is_taken_back ? *left : writer;
    plan_.modules.emplace(
        module.name, ModulePlace{writer.name, position(application, module, appup::Direction::up),
                                 position(down_writer, module, appup::Direction::down), tying});
  }

  bool is_written(const ApplicationChange& writer, const ModuleChange& module) const {
    return writer.changes_version() && !foreign_.contains(writer.name) &&
           !is_left_alone(policy_, writer.name, module.name);
  }

  std::size_t position(const ApplicationChange& application, const ModuleChange& module,
                       appup::Direction direction) const {
    const bool up = direction == appup::Direction::up;
    const std::size_t last = phases * (positions_.size() + 1);
    if (application.status == ApplicationStatus::added) return up ? 0 : last;
    if (application.status == ApplicationStatus::removed) return up ? last : 0;
    return phases * positions_.at(application.name) + phase_of(module, direction);
  }

  ReleasePlan plan_;
  std::map<Atom, std::size_t> positions_;
  std::map<Atom, const ApplicationChange*> left_;  // by the modules that moved out of them
  const std::set<Atom>& foreign_;
  const policy::Policy& policy_;
};

}  // namespace

ReleasePlan plan_release(const diff::ReleaseDiff& diff, const release::ResolvedRelease& new_release,
                         const std::set<Atom>& foreign, const policy::Policy& policy) {
  return Planner(diff, new_release, foreign, policy).plan();
}

bool is_left_alone(const policy::Policy& policy, Atom application, Atom module) {
  return policy.module(application, module).change == policy::ModuleChangeType::leave;
}

bool can_be_tied(const ModulePlace& place, appup::Direction direction) {
  const Tying one_way = direction == appup::Direction::up ? Tying::up_only : Tying::down_only;
  return place.tying == Tying::both_ways || place.tying == one_way;
}

std::size_t position_of(const ModulePlace& place, appup::Direction direction) {
  return direction == appup::Direction::up ? place.up : place.down;
}

bool is_among_changed(const ModulePlace& place, appup::Direction direction) {
  return position_of(place, direction) % phases == changed_phase;
}

}  // namespace relup::plan
