// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether work on the files of the host, before the install, is still worth it: not when the node
// that they are for has died, and not when somebody wants the work to end. A line that nobody uses
// does not tell that, so the process table is asked, now and then.

#include "base/checkpoint.hpp"
#include "change/node_session.hpp"

namespace relup::change {

class StillWorthIt final : public Checkpoint {
 public:
  // Both must outlive the object.
  StillWorthIt(const ChangeTools& tools, NodeSession& session) : tools_(tools), session_(session) {}

  // Interrupted, or a NodeError (connection_lost).
  void pass() override;

 private:
  const ChangeTools& tools_;
  NodeSession& session_;
  std::chrono::steady_clock::time_point next_look_;
};

// As long as nothing was changed that is not taken back: Interrupted if somebody wants the work to
// end.
void stop_if_interrupted(const ChangeTools& tools);

}  // namespace relup::change
