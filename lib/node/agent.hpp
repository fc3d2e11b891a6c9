// SPDX-License-Identifier: Apache-2.0
#pragma once

// relup's agent on a live node: a module that is pushed when it is first needed and taken away at
// the end. What it is asked is a verb, never a call of the caller's making. A job of it goes on
// when the line breaks, and its outcome can be asked for over a new one.

#include "node/node_channel.hpp"

namespace relup::node {

class Agent {
 public:
  // Loads the module, unless the node has it already. The channel must outlive the object. Fails as
  // the channel does.
  explicit Agent(NodeChannel& channel);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  // Unloads the module, unless a job of it still runs. Whatever goes wrong with that is forgotten.
  ~Agent();

  Term ask(const Term& verb, Milliseconds deadline);

  // Begins a job and waits until it is done; its result. Error (unavailable) when another one runs,
  // or when `patience` passes: the job then goes on.
  Term run(const Term& verb, Milliseconds patience);

 private:
  Term take_outcome(Milliseconds patience);

  NodeChannel& channel_;
};

}  // namespace relup::node
