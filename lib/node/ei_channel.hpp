// SPDX-License-Identifier: Apache-2.0
#pragma once

// A NodeChannel over the Erlang distribution: we join as a hidden node of our own name and call
// through `rex`, the server that `rpc` asks, which every node runs. What called functions print
// goes to the node's `user`, i.e. to its log, as no reader of ours may hold them up. The line
// answers the node's ticks only while a call runs; a node that gets no answer for net_ticktime (60
// s) hangs up, and the next call then fails with connection_lost, not_sent. Connecting fails with a
// NodeError whose failure() is the diagnosis.

#include <memory>
#include <string>

#include "node/node_address.hpp"
#include "node/node_channel.hpp"

namespace relup::node {

struct ConnectOptions {
  Milliseconds deadline{5000};  // for all hosts of the address together
  // Without host; empty: "relup-1", or the next that the node has no line from at this time.
  std::string own_name = {};
};

std::unique_ptr<NodeChannel> connect_node(const NodeAddress& address,
                                          const ConnectOptions& options = {});

}  // namespace relup::node
