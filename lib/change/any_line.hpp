// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work after an install, which goes on over another line when one breaks, as long as the node runs
// the new release.

#include <functional>

#include "change/failed_install.hpp"

namespace relup::change {

class AnyLine {
 public:
  // All must outlive the object.
  AnyLine(const ChangeTools& tools, NodeSession& session, FailedInstall& failed)
      : tools_(tools), session_(session), failed_(failed) {}

  // Does `work`, and does it again from its beginning over a new line. Where the node dies that is
  // told (node_died, with `under_way`); where it answers and runs another release, as FailedInstall
  // says; where no line is found, an Error (uncommitted).
  void work(const std::string& under_way, const Outcome& outcome,
            const std::function<void()>& work);

 private:
  void find(const node::NodeError& cause, const Outcome& outcome);

  const ChangeTools& tools_;
  NodeSession& session_;
  FailedInstall& failed_;
};

}  // namespace relup::change
