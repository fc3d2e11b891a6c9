// SPDX-License-Identifier: Apache-2.0
#pragma once

// The instructions of an appup that replace or delete code which processes may run, each with what
// that code does to them. For the rules on purges and processes.

#include <set>
#include <string>
#include <vector>

#include "beam/code/call_graph.hpp"
#include "lint/rule.hpp"

namespace relup::lint {

// An instruction that loads a module anew which both releases have, and whose code differs.
struct Reload {
  const EntryView* entry;
  const InstructionView* instruction;
  Atom module;
  appup::Purge before;
  appup::Purge after;
  const beam::CallGraph* old_code;               // what is replaced
  std::vector<const beam::FunctionCode*> loops;  // in which its processes stay
};

// Those of both entries, but of none that restarts everything. Modules whose processes the script
// stops first have no loops.
std::vector<Reload> reloads_of(const UpgradeView& view);

// Whether something in front of `instruction` may have stopped the processes of `module`: a step
// that says so, or a call, of whatever it is.
bool may_be_stopped(const EntryView& entry, const InstructionView& instruction, Atom module);

// The modules whose processes the entry suspends.
std::set<Atom> suspended_modules(const EntryView& entry);

// "shop_feed:loop/1"; of many the first few
std::string function_name(Atom module, const beam::FunctionCode& function);
std::string function_names(Atom module, const std::vector<const beam::FunctionCode*>& functions);

// Where an instruction says how to purge before and after the load; all of it where it does not.
Span before_span(const Term& instruction);
Span after_span(const Term& instruction);

// Writes soft_purge twice, in the full form. None for an instruction that loads nothing.
std::optional<Fix> soft_purge_fix(const Term& instruction);

}  // namespace relup::lint
