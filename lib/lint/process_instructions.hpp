// SPDX-License-Identifier: Apache-2.0
#pragma once

// The instructions of an appup that change the code of live processes, and what becomes of their
// state: whether a code_change runs, which one, and what it does.

#include <vector>

#include "lint/rule.hpp"
#include "plan/state_takeover.hpp"

namespace relup::lint {

struct ProcessInstruction {
  const ParsedEntry* entry;
  const ParsedInstruction* instruction;
  Atom module;
  const facts::ModuleFacts* origin;   // the code that its processes run before
  const facts::ModuleFacts* running;  // the code whose code_change is called
  bool runs_code_change;
  plan::StateTakeover takeover;  // of `running`, on this way
};

// Of the modules that both releases have and whose behaviour has a state; of both entries, except
// one that restarts the application.
std::vector<ProcessInstruction> process_instructions(const UpgradeView& view);

// The modules whose processes the instruction has suspended.
std::vector<Atom> suspended_by(const appup::Action& action);

}  // namespace relup::lint
