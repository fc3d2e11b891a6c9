// SPDX-License-Identifier: Apache-2.0
#include "node/node_life.hpp"

#include <algorithm>

#include "node/node_address.hpp"

namespace relup::node {
namespace {

// A service manager waits a tenth of a second before it starts a node again, and its start script
// takes a while until there is an emulator. heart is seen while it works.
constexpr Milliseconds grace{500};

std::string alive_name(const NodeProcess& process) {
  return alive_part(process.flags.name.value_or(""));
}

}  // namespace

void NodeLife::follow(const std::string& pid) {
  process_.reset();
  gone_since_.reset();
  for (const NodeProcess& process : find_node_processes(files_, proc_, root_)) {
    if (process.pid != pid) continue;
    process_ = identify_process(files_, proc_, pid);
    alive_name_ = alive_name(process);
  }
}

bool NodeLife::has_successor() {
  const std::vector<NodeProcess> found = find_node_processes(files_, proc_, root_);
  return std::any_of(found.begin(), found.end(), [this](const NodeProcess& process) {
    const auto identity = identify_process(files_, proc_, process.pid);
    return identity && identity != process_ && alive_name(process) == alive_name_;
  });
}

NodeLife::State NodeLife::look() {
  if (!process_) return State::unknown;
  if (identify_process(files_, proc_, process_->pid) == process_) return State::lives;
  if (has_successor()) return State::restarted;
  const auto now = clock_.steady();
  if (!gone_since_ || has_heart(files_, proc_, process_->pid)) gone_since_ = now;
  return now - *gone_since_ < grace ? State::gone : State::dead;
}

}  // namespace relup::node
