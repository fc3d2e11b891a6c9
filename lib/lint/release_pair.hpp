// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two releases that appups are held against: what differs between them, and what is known of
// any module of either. Modules that did not change are read when a rule first asks for them. Not
// for several threads at once.

#include <map>
#include <optional>
#include <string>

#include "appup/appup.hpp"
#include "beam/code/call_graph.hpp"
#include "diff/release_diff.hpp"
#include "policy/policy.hpp"
#include "release/release_tree.hpp"

namespace relup::lint {

enum class Side { from, to };  // the old release, and the new one

// The release that a script leaves, and the one it leads to.
Side departing(appup::Direction direction);
Side arriving(appup::Direction direction);

class ReleasePair {
 public:
  // The trees must outlive the object.
  ReleasePair(const release::ReleaseTree& from, const release::ReleaseTree& to,
              const policy::Policy& policy);

  const release::ReleaseTree& tree(Side side) const { return side == Side::from ? from_ : to_; }
  const diff::ReleaseDiff& diff() const { return diff_; }
  const policy::Policy& policy() const { return policy_; }

  // Null for an application that neither release has.
  const diff::ApplicationChange* change(Atom application) const;
  // Null for a module that is the same in both, or in neither. Of one that moved, where it is now.
  const diff::ModuleChange* change_of_module(Atom module) const;

  // The application that has a module; null where the release does not have it.
  const release::TreeApplication* owner(Side side, Atom module) const;
  // Null where the release does not have the module. A damaged module is an Error (bad_input).
  const facts::ModuleFacts* facts(Side side, Atom module) const;
  // "release 2.0", for messages.
  std::string describe(Side side) const { return "release " + tree(side).version(); }
  // The calls inside a module; null where the release does not have it.
  const beam::CallGraph* call_graph(Side side, Atom module) const;
  // The compiled module, for what facts do not tell; it must be there.
  beam::BeamFile file(Side side, Atom module) const;

 private:
  using Owners = std::map<Atom, const release::TreeApplication*>;

  facts::ModuleFacts read_facts(Side side, Atom module) const;

  const release::ReleaseTree& from_;
  const release::ReleaseTree& to_;
  const policy::Policy& policy_;
  diff::ReleaseDiff diff_;
  std::map<Atom, const diff::ModuleChange*> changed_;
  Owners old_owners_;
  Owners new_owners_;
  mutable std::map<std::pair<Side, Atom>, facts::ModuleFacts> read_;
  mutable std::map<std::pair<Side, Atom>, beam::CallGraph> graphs_;
};

}  // namespace relup::lint
