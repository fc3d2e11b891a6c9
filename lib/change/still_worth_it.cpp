// SPDX-License-Identifier: Apache-2.0
#include "change/still_worth_it.hpp"

namespace relup::change {
namespace {

using State = node::NodeLife::State;

constexpr Milliseconds between_looks{100};

}  // namespace

void stop_if_interrupted(const ChangeTools& tools) {
  if (const auto signal = tools.interruption.signal())
    throw Interrupted(*signal, "nothing was changed");
}

void StillWorthIt::pass() {
  stop_if_interrupted(tools_);
  const auto now = tools_.clock.steady();
  if (now < next_look_) return;
  next_look_ = now + between_looks;
  const State life = session_.life();
  if (life != State::dead && life != State::restarted) return;
  throw node::NodeError(node::NodeFailure::connection_lost, node::Delivery::not_sent,
                        "the node " + session_.node_name() +
                            (life == State::dead ? " has died" : " was started anew meanwhile"))
      .with_hint("look with `relup status`, then try again");
}

}  // namespace relup::change
