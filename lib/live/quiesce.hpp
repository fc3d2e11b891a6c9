// SPDX-License-Identifier: Apache-2.0
#pragma once

// How clients wait while an install goes on (node/agent/relup_agent_quiesce.erl): what the agent is
// told of it, what it says of the listeners, and why it cannot be had.

#include <optional>
#include <string>
#include <vector>

#include "policy/quiesce.hpp"
#include "term/term.hpp"

namespace relup::live {

// A listener of ranch, and who is there now.
struct ListenerUse {
  std::string name;
  std::size_t connections = 0;
  std::size_t suspendable = 0;  // of these: the others do not understand system messages
  std::size_t requests = 0;     // that are under way
};

// As the agent takes it; `[]` where nothing is wished.
Term quiesce_term(const policy::Quiesce& quiesce);

// Of [{Listener, Connections, Suspendable, Requests}].
std::vector<ListenerUse> read_listener_uses(const Term& answer);

// Why clients cannot be made to wait, or an upgrade module not be loaded; none where `reason` is
// about something else.
std::optional<std::string> quiesce_failure(const Term& reason);

}  // namespace relup::live
