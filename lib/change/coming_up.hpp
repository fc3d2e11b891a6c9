// SPDX-License-Identifier: Apache-2.0
#pragma once

// Waiting for a node that is restarted by an install, or that may be. Nothing fails: a node that
// does not answer in time, or is dead, has not come up.

#include "change/node_session.hpp"

namespace relup::change {

// How long a node that restarts is waited for.
constexpr Milliseconds restart_patience{90'000};

// Between two looks at a node that does not answer: it may be gone, which is soon known, or busy.
Milliseconds pause_before_next_look(node::NodeLife::State life);

// The node has told that it will restart, which it does before it goes down.
void wait_for_restart(NodeSession& session, const ChangeTools& tools);

// Waits until the node answers, and says whether it runs `version`. A node that answers and runs
// another one has decided, and so has one that is dead.
bool comes_up(NodeSession& session, const ChangeTools& tools, const std::string& version);

}  // namespace relup::change
