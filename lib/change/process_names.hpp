// SPDX-License-Identifier: Apache-2.0
#pragma once

// Processes of a node in words.

#include <string>

#include "live/forecast.hpp"

namespace relup::change {

// "till", "<0.120.0>, <0.121.0>, <0.122.0> and 197 more"
std::string names_of(const live::ProcessGroup& group);
std::string names_of(const std::vector<live::NodeProcess>& processes);

// "1 process (till, below shop_sup)",
// "200 processes (<0.120.0>, <0.121.0>, <0.122.0> and 197 more, below shop_clients_sup)"
std::string describe(const live::ProcessGroup& group);

}  // namespace relup::change
