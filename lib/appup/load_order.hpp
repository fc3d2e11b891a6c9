// SPDX-License-Identifier: Apache-2.0
#pragma once

// In which order changed modules must be loaded: only where a call would not resolve in between, or
// a value would not be understood.
//   B is loaded after A when the new B calls a function that only the new A exports;
//   A is loaded after B when the old B calls a function that the new A no longer exports;
//   both count through modules that are added or removed, which are no more than a part of those
//   that call them, and for an application that comes or goes, which runs on its own;
//   who uses a struct or a shared record whose fields changed is loaded after its definition.
// Each such pair is a DepMods entry, so that both switch in one group (the compiler loads a module
// after its DepMods on the way up, before them on the way down, and suspends it first).

#include <map>
#include <set>
#include <vector>

#include "diff/release_diff.hpp"

namespace relup::appup {

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

}  // namespace relup::appup
