// SPDX-License-Identifier: Apache-2.0
#pragma once

// The install itself. It is a job of the node: it goes on when the line breaks, and its end is
// asked for over a new one. It may restart the node.

#include "change/failed_install.hpp"
#include "change/node_session.hpp"

namespace relup::change {

// How the operator wants it.
struct InstallWishes {
  Engine engine = Engine::relup;
  std::vector<Atom> may_kill = {};  // whoever runs old code of these modules
  policy::Quiesce quiesce = {};
};

class Installing {
 public:
  // All must outlive the object.
  Installing(const host::Host& host, const ChangeTools& tools, NodeSession& session,
             const InstallWishes& wishes, FailedInstall& failed)
      : host_(host), tools_(tools), session_(session), wishes_(wishes), failed_(failed) {}

  // Takes the node from `outcome.from` to `outcome.to`; what the node remarks becomes notes. Where
  // that does not go it ends as FailedInstall says.
  void install(Outcome& outcome);

  // Asks the node for it and waits for the end, as long as the node is there. Fails as
  // AgentVerbs::install_state does.
  live::AgentVerbs::InstallState ask(const std::string& from, const std::string& version,
                                     Step& step);

  // What the node is asked for: the script that its release handler would take.
  live::InstallOrder order(const std::string& from, const std::string& version) const;

 private:
  live::AgentVerbs::InstallState wait(const std::string& version, Step& step);
  live::AgentVerbs::InstallState ask_or_explain(const Outcome& outcome, Step& step);

  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  const InstallWishes& wishes_;
  FailedInstall& failed_;
};

}  // namespace relup::change
