// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a node runs from, out of what the agent answers (relup_agent_place.erl).

#include "host/node_place.hpp"
#include "term/term.hpp"

namespace relup::live {

// Error (bad_input) when the answer has another form.
host::NodePlace read_node_place(const Term& answer);

}  // namespace relup::live
