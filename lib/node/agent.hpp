// SPDX-License-Identifier: Apache-2.0
#pragma once

// relup's agent on a live node: a few modules that are pushed at first contact, and that go by
// themselves when no line of a relup uses them any more. What it is asked is a verb, never a call
// of the caller's making. A job of it goes on when the line breaks, and its outcome can be asked
// for over a new one.

#include <optional>

#include "node/node_channel.hpp"

namespace relup::node {

class Agent {
 public:
  // Makes the line one of those that use the agent, until it ends, and loads the agent unless the
  // node has it already. The channel must outlive the object. Fails as the channel does.
  explicit Agent(NodeChannel& channel);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent() = default;

  Term ask(const Term& verb, Milliseconds deadline);

  // Begins a job. Error (unavailable) when another one runs.
  void begin(const Term& verb);

  // The job that runs, or is done and not yet forgotten.
  struct Job {
    Term what;                   // {install, Vsn}
    std::optional<Term> result;  // none while it runs
    Milliseconds age{0};         // while it runs: since it was begun
  };
  // None when there is no job: none was begun, or the node has restarted since. Waits for one that
  // runs, for `patience`; that must not be long, since the node's ticks have to be answered in
  // between.
  std::optional<Job> job(Milliseconds patience);
  // Forgets a job that is done.
  void forget();

 private:
  bool join();

  NodeChannel& channel_;
};

}  // namespace relup::node
