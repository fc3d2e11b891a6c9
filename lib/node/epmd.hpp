// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client of epmd, the port mapper of Erlang nodes (ERTS User's Guide, "Distribution Protocol").
// It asks instead of `ei` because `ei` does not say why a question failed. Failures are NodeErrors:
// host_unreachable, no_epmd, not_registered.

#include <cstdint>
#include <string>
#include <vector>

#include "node/tcp.hpp"

namespace relup::node {

struct Epmd {
  std::string host;
  std::uint16_t port;
};

// The port where the node with this alive name listens (PORT_PLEASE2_REQ).
std::uint16_t ask_node_port(const Epmd& epmd, const std::string& alive, Deadline deadline);

// The alive names of all registered nodes (NAMES_REQ); empty when epmd does not tell.
std::vector<std::string> ask_node_names(const Epmd& epmd, Deadline deadline);

}  // namespace relup::node
