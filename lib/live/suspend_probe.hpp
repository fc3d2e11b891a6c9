// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the processes that an install suspends would let themselves be suspended. The release
// handler sends each a system message and waits 5 s for the answer; a process that is busy for
// longer is passed over in silence (release_handler_1:suspend/3), and goes on with new code and its
// old state, until it crashes. So each is sent a system message before, one that changes nothing.
// This is a look at one moment: a process may become busy after it.

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
