// SPDX-License-Identifier: Apache-2.0
#pragma once

// relup's agent on a live node: a few modules that are pushed at first contact and taken away at
// the end. What it is asked is a verb, never a call of the caller's making. A job of it goes on
// when the line breaks, and its outcome can be asked for over a new one.

#include <optional>

#include "node/node_channel.hpp"

namespace relup::node {

class Agent {
 public:
  // Loads them, unless the node has them already. The channel must outlive the object. Fails as
  // the channel does.
  explicit Agent(NodeChannel& channel);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  // Unloads them, unless there is a job. Whatever goes wrong with that is forgotten.
  ~Agent();

  Term ask(const Term& verb, Milliseconds deadline);

  // Begins a job. Error (unavailable) when another one runs.
  void begin(const Term& verb);

  // The job that runs, or is done and not yet forgotten.
  struct Job {
    Term what;                   // {install, Vsn}
    std::optional<Term> result;  // none while it runs
  };
  // None when there is no job: none was begun, or the node has restarted since. Waits for one that
  // runs, for `patience`; that must not be long, since the node's ticks have to be answered in
  // between.
  std::optional<Job> job(Milliseconds patience);
  // Forgets a job that is done.
  void forget();

 private:
  NodeChannel& channel_;
};

}  // namespace relup::node
