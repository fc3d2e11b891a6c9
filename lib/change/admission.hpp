// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a change may begin: everything is looked at that speaks against it (objections.hpp), and
// the release handler is asked as well. A refusal tells all objections in one Error.

#include "change/installing.hpp"
#include "change/objections.hpp"

namespace relup::change {

class Admission {
 public:
  // All must outlive the object.
  Admission(const host::Host& host, const ChangeTools& tools, NodeSession& session,
            Checkpoint& checkpoint, const InstallWishes& wishes, Proof& proof,
            FailedInstall& failed)
      : host_(host),
        tools_(tools),
        session_(session),
        checkpoint_(checkpoint),
        wishes_(wishes),
        proof_(proof),
        failed_(failed) {}

  // The change, when the files allow it. Where they do not, the node is asked as well, so that the
  // operator hears of everything at once; where they do, it is asked by `check`.
  ProposedChange accept(const ChangeRequest& request, const Releases& releases);

  // Asks the node when the files are in place, shortly before the install, since what processes do
  // changes by the moment. What is found and not refused becomes notes. The release handler runs
  // what stands before the point of no return; a crash of that ends as FailedInstall says.
  NodeFindings check(const ProposedChange& change, Outcome& outcome);

  // What the node has against a script, or against no script; `change` is null in a rollback.
  // Interrupted if somebody wants the work to end.
  Objections ask_node(const host::ScriptSummary* script, const ProposedChange* change,
                      NodeFindings& findings);

 private:
  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  Checkpoint& checkpoint_;
  const InstallWishes& wishes_;
  Proof& proof_;
  FailedInstall& failed_;
};

}  // namespace relup::change
