// SPDX-License-Identifier: Apache-2.0
#pragma once

// Processes that still run old code of a module, and waiting until they leave it. A process leaves
// when it makes a fully qualified call; one that waits in old code for something may stay long.

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "change/objection.hpp"
#include "host/relup_file.hpp"
#include "live/agent_verbs.hpp"

namespace relup::change {

struct OldCodeUse {
  std::vector<live::OldCode> still;  // in use at the end
  std::vector<live::OldCode> left;   // in use at the beginning, and not any more
};

// Waits until no process runs old code of `modules`, or `patience` is over.
OldCodeUse wait_for_old_code(live::AgentVerbs& agent, Clock& clock,
                             const std::vector<Atom>& modules, Milliseconds patience);

// "shop_cart: till, <0.120.0>; shop_price: cashier"
std::string describe_all(const std::vector<live::OldCode>& old_code);

// A commit purges the old code of a module brutally where the script says so, which kills the
// processes that run it. Those of `in_use` that this would happen to object.
Objections commit_would_kill(const std::string& version, const std::vector<live::OldCode>& in_use,
                             const host::ScriptSummary& script);

}  // namespace relup::change
