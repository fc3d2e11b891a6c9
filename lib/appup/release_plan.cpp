// SPDX-License-Identifier: Apache-2.0
#include "appup/release_plan.hpp"

namespace relup::appup {
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

std::map<Atom, std::size_t> positions_in(const release::ResolvedRelease& top) {
  std::map<Atom, std::size_t> positions;
  for (const release::Application& application : top.applications)
    positions.emplace(application.name(), positions.size() + 1);
  return positions;
}

}  // namespace

ReleasePlan plan_release(const diff::ReleaseDiff& diff, const release::ResolvedRelease& top,
                         const std::set<Atom>& foreign, const policy::Policy& policy) {
  ReleasePlan plan{&diff, find_dependencies(diff), {}};
  const std::map<Atom, std::size_t> positions = positions_in(top);
  for (const ApplicationChange& application : diff.applications) {
    const bool is_added = application.status == ApplicationStatus::added;
    const bool is_removed = application.status == ApplicationStatus::removed;
    const std::size_t position = is_added     ? 0
                                 : is_removed ? positions.size() + 1
                                              : positions.at(application.name);
    const bool is_ours = application.changes_version() && !foreign.contains(application.name);
    for (const ModuleChange& module : application.modules) {
      if (module.status == ModuleStatus::moved && !module.new_facts) continue;
      const bool is_written = is_ours && !is_left_alone(policy, application.name, module.name);
      const Tying tying = is_written ? tying_of(module) : Tying::none;
      plan.modules.emplace(module.name, ModulePlace{application.name, position, tying});
    }
  }
  return plan;
}

bool is_left_alone(const policy::Policy& policy, Atom application, Atom module) {
  return policy.module(application, module).change == policy::ModuleChangeType::leave;
}

bool can_be_tied(const ModulePlace& place, Direction direction) {
  const Tying one_way = direction == Direction::up ? Tying::up_only : Tying::down_only;
  return place.tying == Tying::both_ways || place.tying == one_way;
}

}  // namespace relup::appup
