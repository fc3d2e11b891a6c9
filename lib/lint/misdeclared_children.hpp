// SPDX-License-Identifier: Apache-2.0
#pragma once

// Children whose specifications say something else of their processes than the functions that start
// them. OTP's release handler believes the specifications: it asks whatever is called a supervisor
// for its children, does not look below what is called a worker, asks who says `dynamic` for its
// modules, and finds a process by no other names than those in `modules`. Only what is seen in the
// code is told: supervisors are followed from the start modules of all applications and from the
// modules of those whose processes change, through lists that are literal.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "term/term.hpp"

namespace relup::lint {

class ReleasePair;
enum class Side;

struct MisdeclaredChild {
  enum class Kind {
    hidden_supervisor,   // a supervisor that is declared to be a worker
    false_supervisor,    // declared to be a supervisor, and does not say which children it has
    unanswered_modules,  // says `dynamic`, and does not say which modules it has
    other_modules,       // does not name its callback module
    unasked_manager,     // a manager of events that names modules, so it is asked for no handlers
  };
  Kind kind = Kind::other_modules;
  Atom supervisor;  // the module that lists it
  Term id;
  std::optional<Atom> callback = {};  // of its process
  std::set<Atom> named = {};          // in `modules`, of an unasked manager
  std::set<Atom> below = {};          // of a hidden supervisor: modules of processes below it
  bool is_all_below = true;           // whether these are surely all
  bool is_same(const MisdeclaredChild& other) const;
};

// "the child till of shop_sup"
std::string describe(const MisdeclaredChild& child);

// ReleasePair::misdeclared_children keeps the answer.
std::vector<MisdeclaredChild> find_misdeclared_children(const ReleasePair& releases, Side side);

}  // namespace relup::lint
