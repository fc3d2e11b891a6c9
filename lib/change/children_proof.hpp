// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether supervisors have the children that a release says, after an install. An install can end
// well and leave a child out: an update of a supervisor starts and stops nobody. What is told
// stands on three things: what the supervisors had before, what they have now, and what the code of
// both releases lists, where that can be read. It does not undo the install. The look at the node
// fails as the line does.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "facts/children.hpp"
#include "host/relup_file.hpp"
#include "live/agent_verbs.hpp"
#include "release/release_tree.hpp"

namespace relup::change {

class ChildrenProof {
 public:
  // Before the install: supervisors that the script concerns, in code or by a child.
  void look_before(live::AgentVerbs& agent, const host::ScriptSummary& script,
                   const release::ReleaseTree& old_release,
                   const release::ReleaseTree& new_release);
  // After it: each child that is missing, left over, or specified otherwise, as a sentence. Nothing
  // where nobody has looked before.
  std::vector<std::string> differences(live::AgentVerbs& agent) const;

  // What the code of both releases lists for one supervisor; none where it cannot be read.
  struct Listed {
    std::optional<facts::Children> before;
    std::optional<facts::Children> after;
  };

 private:
  const Listed* listed_for(const live::Supervisor& supervisor) const;

  std::string version_;  // of the new release
  std::vector<Atom> modules_;
  Term script_;
  std::vector<live::Supervisor> before_;
  std::map<Atom, Listed> by_callback_;
  std::map<std::string, Listed> by_name_;  // those that an application starts without init/1
};

}  // namespace relup::change
