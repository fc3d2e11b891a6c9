// SPDX-License-Identifier: Apache-2.0
#pragma once

// The instructions of an appup that replace code which processes may run, each with the processes
// that the old code would keep. For the rules on purges and processes.

#include <set>
#include <string>
#include <vector>

#include "beam/code/call_graph.hpp"
#include "lint/rule.hpp"

namespace relup::lint {

// An instruction that loads the new version of a module whose code differs.
struct Reload {
  const ParsedEntry* entry;
  const ParsedInstruction* instruction;
  Atom module;
  appup::Purge before;
  appup::Purge after;
  const beam::CallGraph* old_code;               // what is replaced
  std::vector<const beam::FunctionCode*> loops;  // that its processes never leave
};

// Those of both entries, without entries that restart everything. Modules whose processes an
// earlier instruction may have stopped have no loops.
std::vector<Reload> reloads_of(const UpgradeView& view);

// The modules whose processes the instructions so far may have stopped: by a stop, or by any
// apply, which may do so.
class StoppedProcesses {
 public:
  void follow(const appup::Action& action);
  bool may_have_those_of(Atom module) const;

 private:
  std::set<Atom> modules_;
  bool may_have_all_ = false;
};

// The modules whose processes the entry suspends.
std::set<Atom> suspended_modules(const ParsedEntry& entry);

// "shop_feed:loop/1"; of many the first few
std::string function_name(Atom module, const beam::FunctionCode& function);
std::string function_names(Atom module, const std::vector<const beam::FunctionCode*>& functions);

}  // namespace relup::lint
