// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the processes that an install suspends would let themselves be suspended. The release
// handler sends each a system message and waits 5 s for the answer. It passes over a process that
// is busy for longer, and says nothing (release_handler_1:suspend/3): the process goes on with new
// code and its old state, until it crashes. So relup sends each of them a system message first, one
// that changes nothing. That tells of one moment only: a process may become busy after it.

#include <optional>
#include <string>
#include <vector>

#include "node/node_channel.hpp"

namespace relup::live {

// The first process of one of `modules` that does not answer within 5 s, for people: "shop_cart
// <0.284.0>". None when all answer.
std::optional<std::string> find_busy_process(node::NodeChannel& channel,
                                             const std::vector<Atom>& modules);

}  // namespace relup::live
