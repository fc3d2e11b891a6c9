// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the appups of one upgrade must know of each other. Every application has a script of its
// own, and systools runs them one after the other in the order in which the applications start, in
// both directions; a call from one application into another is safe in between only when that order
// suits it, or when DepMods tie both modules together.

#include <map>
#include <vector>

#include "appup/appup.hpp"
#include "plan/load_order.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

// Which modules of a release get an instruction that DepMods may name.
enum class Tying { both_ways, up_only, down_only, none };

struct ModulePlace {
  // The application whose script has the instructions for the module. A module that moved from one
  // application to another is switched by the one that has it now. Where one of the two is added or
  // removed as a whole it has no script, so the other one switches the module, and only in the
  // direction in which it gets it.
  Atom application;
  // Its position in the order in which modules are switched without DepMods: applications that come
  // are first, those that go are last, the others are in start order; in the script of one
  // application the new modules are first, then the changed ones, then those that go.
  std::size_t up = 0;
  std::size_t down = 0;
  Tying tying = Tying::none;
};

struct ReleasePlan {
  const diff::ReleaseDiff* diff = nullptr;
  std::vector<Dependency> dependencies;
  std::map<Atom, ModulePlace> modules;  // those that differ
};

// `foreign` are the applications whose scripts are not written module
// by module: somebody wrote the appup, or the whole application restarts. Modules that `policy`
// leaves alone get no instruction.
ReleasePlan plan_release(const diff::ReleaseDiff& diff, const release::ResolvedRelease& new_release,
                         const std::set<Atom>& foreign, const policy::Policy& policy);

bool is_left_alone(const policy::Policy& policy, Atom application, Atom module);

bool can_be_tied(const ModulePlace& place, appup::Direction direction);

std::size_t position_of(const ModulePlace& place, appup::Direction direction);

// Whether it is switched among those that change in a script, which have no order but DepMods.
bool is_among_changed(const ModulePlace& place, appup::Direction direction);

}  // namespace relup::plan
