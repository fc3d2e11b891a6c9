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
  Atom application;
  // When its script runs: added applications first, removed ones last, the others in start order.
  std::size_t position = 0;
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

}  // namespace relup::appup
