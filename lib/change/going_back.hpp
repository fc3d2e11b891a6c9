// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the new release back to the old one, which a probe or a proof wants. That must not kill
// anybody either: where processes in old code are in the way, or a code_change that would fail, the
// new release stays.

#include "change/failed_install.hpp"
#include "change/installing.hpp"

namespace relup::change {

class GoingBack {
 public:
  // All must outlive the object.
  GoingBack(const host::Host& host, const ChangeTools& tools, NodeSession& session,
            Installing& installing, FailedInstall& failed)
      : host_(host), tools_(tools), session_(session), installing_(installing), failed_(failed) {}

  // The end of the work, because of `cause`: as FailedInstall says, or an Error (uncommitted).
  [[noreturn]] void go(const Outcome& outcome, const Error& cause);

 private:
  void make_room(const Outcome& outcome, const Error& cause);
  // A code_change that fails would restart the node: then the new release stays as well.
  void try_way_back(const host::ScriptSummary& script, const Outcome& outcome, const Error& cause);

  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  Installing& installing_;
  FailedInstall& failed_;
};

}  // namespace relup::change
