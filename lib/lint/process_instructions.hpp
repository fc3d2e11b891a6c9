// SPDX-License-Identifier: Apache-2.0
#pragma once

// The instructions of an appup that switch the code under live processes, and what becomes of their
// state: which code_change runs, if one does, and what it does.

#include <vector>

#include "lint/rule.hpp"
#include "plan/state_takeover.hpp"

namespace relup::lint {

struct ProcessInstruction {
  const EntryView* entry;
  const InstructionView* instruction;
  Atom module;
  const facts::ModuleFacts* origin;   // what its processes run before
  const facts::ModuleFacts* running;  // what they run when code_change is called
  bool runs_code_change;
  plan::StateTakeover takeover;  // of `running`, on this way
};

// For the modules with a behaviour that has a state and that are in both releases. Entries that
// restart the application have none.
std::vector<ProcessInstruction> process_instructions(const UpgradeView& view);

}  // namespace relup::lint
