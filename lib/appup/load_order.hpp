// SPDX-License-Identifier: Apache-2.0
#pragma once

// In which order changed modules must be loaded: only where a call would not resolve in between.
//   B is loaded after A when the new B calls a function that only the new A exports;
//   A is loaded after B when the old B calls a function that the new A no longer exports.
// Each such pair is a DepMods entry, so that both switch in one group (the compiler loads a module
// after its DepMods on the way up, before them on the way down, and suspends it first).

#include <map>
#include <set>
#include <vector>

#include "diff/release_diff.hpp"

namespace relup::appup {

// Sorted, without repeats; modules without DepMods are not in it.
using DepMods = std::map<Atom, std::vector<Atom>>;

// Of modules that are in both releases.
DepMods find_dep_mods(const std::vector<const diff::ModuleChange*>& modules);

// The modules that depend on themselves, over others: no order of loading resolves all their calls.
std::set<Atom> find_cycles(const DepMods& dep_mods);

}  // namespace relup::appup
