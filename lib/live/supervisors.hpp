// SPDX-License-Identifier: Apache-2.0
#pragma once

// The children that supervisors of the node have, as the agent tells them
// (node/agent/relup_agent_children.erl).

#include <optional>
#include <string>
#include <vector>

#include "term/term.hpp"

namespace relup::live {

struct SupervisedChild {
  Term id;
  std::string process;         // <0.120.0>; empty while it does not run
  bool is_restarting = false;  // its supervisor tries to start it
  // Its specification. The arguments of its start are not told.
  Atom starter;
  std::string start;  // "till:start_link/1"
  Atom restart;
  Atom type;
  std::optional<std::vector<Atom>> modules;  // none where they are `dynamic`
};

struct Supervisor {
  std::string name;  // or its process, where it has none
  std::optional<Atom> callback;
  bool is_silent = false;  // it has not answered
  std::vector<SupervisedChild> children;
};

// From the agent's answer.
std::vector<Supervisor> read_supervisors(const Term& answer);

}  // namespace relup::live
