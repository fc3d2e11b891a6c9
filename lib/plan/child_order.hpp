// SPDX-License-Identifier: Apache-2.0
#pragma once

// When a module is switched, relative to the children of supervisors that stop and start in the
// same script, so that no module calls a child that is not running:
//   before    modules that call a child which goes are switched before that child is stopped
//   between   the supervisor itself: it forgets the children that went and learns of the new ones
//   after     modules that call a child which comes are switched after that child has started
// A new child needs the functions that it calls when it starts, and a child that goes needs its own
// until it has stopped: a module that has to be early for one and late for another is switched in
// between. Modules that DepMods tie together take the same turn.

#include <map>

#include "plan/load_order.hpp"
#include "plan/supervision.hpp"

namespace relup::plan {

enum class Turn { before, between, after };

// Of the modules that are not switched before. `dep_mods` are those of the script.
std::map<Atom, Turn> turns_around_children(const diff::ApplicationChange& application,
                                           appup::Direction direction, const DepMods& dep_mods);

}  // namespace relup::plan
