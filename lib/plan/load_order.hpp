// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which changed modules must be loaded before which others. Order matters only where, between the
// two loads, a call would find no function or a value would not be understood:
//   the new B calls a function that only the new A exports: A first;
//   the old B calls a function that the new A no longer exports: B first;
//   B uses a struct, or a record of a shared header, whose fields have changed: first the module
//   that defines it.
// A module that is added or removed has no instruction in this order, so its calls count as those
// of the modules that call it. The modules of an application that is added or removed as a whole
// run by themselves, so their own calls count.
// Each such pair becomes a DepMods entry. The compiler switches both modules in one group: it loads
// a module after its DepMods on the way up and before them on the way down, and suspends it first.

#include <map>
#include <set>
#include <vector>

#include "diff/release_diff.hpp"

namespace relup::plan {

// `later` is loaded after `earlier` on the way up and before it on the way down. `earlier` may be a
// module that is added or removed.
struct Dependency {
  Atom later;
  Atom earlier;
  std::string because;  // in words: "it calls till:total/1, which is new"
};

// Of all modules of the release whose code changes; sorted, without repeats.
std::vector<Dependency> find_dependencies(const diff::ReleaseDiff& diff);

// Sorted, without repeats; modules without DepMods are not in it.
using DepMods = std::map<Atom, std::vector<Atom>>;

// The modules that depend on themselves, over others: no order of loading resolves all their calls.
std::set<Atom> find_cycles(const DepMods& dep_mods);

}  // namespace relup::plan
