// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where children of supervisors stop and start among the modules that change, so that nobody calls
// a child that is not there:
//   before    what calls a child that goes has its other code before that child stops
//   between   the supervisor is updated: it forgets who went and learns of who comes
//   behind    what calls a child that comes has its other code after that child has started
// A child that comes finds the functions that it calls, and one that goes has them to its end:
// where that is against the rest, a module is switched between. Modules that DepMods tie take their
// turn together.

#include <map>

#include "appup/load_order.hpp"
#include "appup/supervision.hpp"

namespace relup::appup {

enum class Turn { before, between, behind };

// Of the modules that are not switched before. `dep_mods` are those of the script.
std::map<Atom, Turn> turns_around_children(const diff::ApplicationChange& application,
                                           Direction direction, const DepMods& dep_mods);

}  // namespace relup::appup
