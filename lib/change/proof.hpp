// SPDX-License-Identifier: Apache-2.0
#pragma once

// The proof that the node runs a release: every module in its memory is that of the files. A module
// that was another one before the change, and that the script leaves alone, is not held against it.

#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "change/children_proof.hpp"
#include "change/node_session.hpp"
#include "live/loaded_code.hpp"

namespace relup::change {

// The node does not run the release.
class NotProved final : public Error {
 public:
  using Error::Error;
};

class Proof {
 public:
  // All must outlive the object.
  Proof(const host::Host& host, const ChangeTools& tools, NodeSession& session)
      : host_(host), tools_(tools), session_(session) {}

  // These modules stay as they are (other_code.hpp); a note in `outcome` tells of them.
  void leave_alone(const std::vector<live::MemoryDifference>& modules, Outcome& outcome);

  // Shortly before the install that `outcome` tells of: which children supervisors have.
  void look_before(const host::ScriptSummary& script, const Outcome& outcome);

  // Of `outcome.to`: NotProved, or whatever a look at the node fails with. What else does not agree
  // with the release becomes notes (children_proof.hpp; aftermath.hpp, which explains
  // `configuration`).
  void give(const std::optional<Term>& configuration, Outcome& outcome);

  // The same as an answer: no, too, where nobody can look.
  bool holds_for(const std::string& version);

 private:
  std::vector<std::string> differences_from(const release::ReleaseTree& tree);

  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  std::set<Atom> left_alone_;
  ChildrenProof children_;
};

}  // namespace relup::change
