// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the appups of one upgrade must know of each other. Every application has a script of its
// own, and systools runs them one behind the other in the order in which the applications start, in
// both directions; a call from one application into another is safe in between only when that order
// suits it, or when DepMods tie both modules together.

#include <map>
#include <vector>

#include "appup/appup.hpp"
#include "appup/load_order.hpp"
#include "policy/policy.hpp"

namespace relup::appup {

// Which modules of a release get an instruction that DepMods may name.
enum class Tying { both_ways, up_only, down_only, none };

struct ModulePlace {
  // Whose script has the instructions for it. A module that moved is switched by the application
  // that has it now; where one end of the move comes or goes as a whole, by the other end, and only
  // in the direction in which that one brings it.
  Atom application;
  // When it is switched, without DepMods: applications that come first, those that go last, the
  // others in start order, and in the script of each what comes, what changes, what goes.
  std::size_t up = 0;
  std::size_t down = 0;
  Tying tying = Tying::none;
};

struct ReleasePlan {
  const diff::ReleaseDiff* diff = nullptr;
  std::vector<Dependency> dependencies;
  std::map<Atom, ModulePlace> modules;  // those that differ
};

// `top` is the newer release. `foreign` are the applications whose scripts are not written module
// by module: somebody wrote the appup, or the whole application restarts. Modules that `policy`
// leaves alone get no instruction.
ReleasePlan plan_release(const diff::ReleaseDiff& diff, const release::ResolvedRelease& top,
                         const std::set<Atom>& foreign, const policy::Policy& policy);

bool is_left_alone(const policy::Policy& policy, Atom application, Atom module);

bool can_be_tied(const ModulePlace& place, Direction direction);

std::size_t position_of(const ModulePlace& place, Direction direction);

// Whether it is switched among those that change in a script, which have no order but DepMods.
bool is_among_changed(const ModulePlace& place, Direction direction);

}  // namespace relup::appup
