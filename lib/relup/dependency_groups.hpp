// SPDX-License-Identifier: Apache-2.0
#pragma once

// Modules that are tied to each other by DepMods switch together: they are suspended, loaded,
// changed and resumed as one group, the ones that depend on others first in the order, the ones
// depended on first loaded.

#include <optional>
#include <unordered_map>
#include <vector>

#include "relup/script.hpp"
#include "term/problem.hpp"

namespace relup {

// What an instruction ties together: the module it is for and the modules it depends on. None for
// an instruction that takes no part in groups.
struct Ties {
  Atom module;
  const std::vector<Atom>* dep_mods;
};
std::optional<Ties> ties_of(const appup::Instruction& instruction);

// Which module to take first where dependencies leave the order open: the one with the smaller
// number; a module without one counts by its place in the script. Empty but for a comparison with a
// given OTP run.
using TieBreak = std::unordered_map<Atom, std::size_t>;

// Reports every instruction for a module that has one already.
void check_defined_once(const Script& script, Problems& problems);

// The groups of `script`, as indices into it. A group is sorted with dependents before what they
// depend on; members of a cycle keep the order of the script; where dependencies leave the order
// open (and OTP takes one that depends on the numbers of its atoms), the member that comes first in
// the script comes first. Groups are sorted by their first member in the script. None when
// `problems` grew.
std::optional<std::vector<std::vector<std::size_t>>> dependency_groups(const Script& script,
                                                                       const TieBreak& tie_break,
                                                                       Problems& problems);

}  // namespace relup
