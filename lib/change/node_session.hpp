// SPDX-License-Identifier: Apache-2.0
#pragma once

// The line to the node and the agent at its other end, as long as a change takes. When the line
// breaks there may be another one.

#include "change/change.hpp"
#include "change/failed_change.hpp"
#include "change/starting_point.hpp"
#include "live/agent_verbs.hpp"
#include "live/release_handler.hpp"
#include "node/node_life.hpp"

namespace relup::change {

class NodeSession {
 public:
  // Both must outlive the object.
  NodeSession(const host::Host& host, const ChangeTools& tools)
      : host_(host), tools_(tools), life_(tools.files, tools.clock, host.root) {}

  // Connects for the first time, and clears up what an earlier relup has left. Error (usage) when
  // the node is not one of this root, and (unavailable) while the work of a relup that was killed
  // still goes on.
  void open();
  // Over a new line. Fails as ChangeTools::connect does.
  void reconnect();
  // Forgets the line, which has broken.
  void drop() { agent_.reset(); }
  bool is_connected() const { return agent_ != nullptr; }

  node::NodeChannel& channel() { return *channel_; }
  live::AgentVerbs& agent() { return *agent_; }

  // Of the operating system process that answered last.
  const std::string& os_pid() const { return os_pid_; }
  const std::string& node_name() const { return node_name_; }

  // Of the node that answered last, by the process table of this host.
  node::NodeLife::State life() { return life_.look(); }
  // After a failure of the line: waits until it is known whether the node has died, less than a
  // second after that, and says so. A node that has died and was started again is `restarted`.
  node::NodeLife::State fate();
  // The same question, and FailedChange (node_died) where it has died. `under_way` is what was: "in
  // the removal of 1.0.0".
  void tell_if_died(const std::string& under_way);
  NodeRestart node_restart() const;

  Releases releases() { return live::ReleaseHandler(*channel_).which_releases(); }
  // Of `releases`, the one that runs. Error (bad_input) when none does.
  const live::KnownRelease& running(const Releases& releases) const;

 private:
  void refuse_if_elsewhere();
  void refuse_if_job_runs();
  void meet();
  bool answers();

  const host::Host& host_;
  const ChangeTools& tools_;
  std::unique_ptr<node::NodeChannel> channel_;
  std::unique_ptr<live::AgentVerbs> agent_;  // over the channel
  std::string node_name_;
  std::string os_pid_;
  node::NodeLife life_;
  std::optional<Term> first_;   // the node's start, at the first contact
  std::optional<Term> latest_;  // and at the latest one
};

}  // namespace relup::change
