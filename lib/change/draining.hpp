// SPDX-License-Identifier: Apache-2.0
#pragma once

// Processes that still run old code of a module, and waiting until they leave it. A process leaves
// when it makes a fully qualified call; one that waits in old code for something may stay long.

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "live/agent_verbs.hpp"

namespace relup::change {

struct OldCodeUse {
  std::vector<live::OldCode> still;  // in use at the end
  std::vector<live::OldCode> left;   // in use at the beginning, and not any more
};

// The old code of `modules` that is in use now.
std::vector<live::OldCode> old_code_in_use(live::AgentVerbs& agent,
                                           const std::vector<Atom>& modules);

// Between two looks: soon at first, since most leave at once, then less and less often.
constexpr Milliseconds first_pause{5};
Milliseconds longer(Milliseconds pause);

// Waits until no process runs old code of `modules`, or `patience` is over, or somebody wants it to
// end.
OldCodeUse wait_for_old_code(live::AgentVerbs& agent, Clock& clock,
                             const std::vector<Atom>& modules, Milliseconds patience,
                             Interruption& interruption = no_interruption());

bool has_module(const std::vector<Atom>& modules, Atom module);

// `modules`, those of `others` left out.
std::vector<Atom> without(const std::vector<Atom>& modules, const std::vector<Atom>& others);

// "shop_cart: till, <0.120.0>; shop_price: cashier"
std::string describe_all(const std::vector<live::OldCode>& old_code);

// "50 in shop_cart: till, <0.120.0>, <0.121.0> and 47 more; 1 in shop_price: cashier"
std::string census(const std::vector<live::OldCode>& old_code);

// "--kill shop_cart --kill shop_price"
std::string kill_options(const std::vector<live::OldCode>& old_code);

}  // namespace relup::change
