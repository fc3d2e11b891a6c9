// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two releases that appups are checked against: what differs between them, and what is known of
// any module of either. Modules that did not change are read when a rule first asks for them; all
// that was read is kept. Not for several threads at once.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "appup/appup.hpp"
#include "beam/code/call_graph.hpp"
#include "diff/release_diff.hpp"
#include "lint/misdeclared_children.hpp"
#include "lint/supervised_modules.hpp"
#include "policy/policy.hpp"
#include "release/release_tree.hpp"

namespace relup::lint {

enum class Side { from, to };  // the old release, and the new one

// The release that a script leaves, and the one it leads to.
Side departing(appup::Direction direction);
Side arriving(appup::Direction direction);

class ReleasePair {
 public:
  // The trees and the policy must outlive the object.
  ReleasePair(const release::ReleaseTree& from, const release::ReleaseTree& to,
              const policy::Policy& policy);
  ReleasePair(const ReleasePair&) = delete;
  ReleasePair& operator=(const ReleasePair&) = delete;
  ~ReleasePair() = default;

  const release::ReleaseTree& tree(Side side) const { return side == Side::from ? from_ : to_; }
  const diff::ReleaseDiff& diff() const { return diff_; }
  const policy::Policy& policy() const { return policy_; }
  // "release 2.0", for messages.
  std::string describe(Side side) const { return "release " + tree(side).version(); }

  // Null for an application that neither release has.
  const diff::ApplicationChange* change(Atom application) const;
  // Null for a module that is the same in both, or in neither. Of one that moved, where it is now.
  const diff::ModuleChange* change_of_module(Atom module) const;

  // The application that has a module; null where the release does not have it.
  const release::TreeApplication* owner(Side side, Atom module) const;

  // Null where the release does not have the module. A damaged module is an Error (bad_input).
  const facts::ModuleFacts* facts(Side side, Atom module) const;
  // The calls inside the module, without their steps; the same.
  const beam::CallGraph* call_graph(Side side, Atom module) const;
  bool knows_call_graph(Side side, Atom module) const {
    return known(side).call_graphs.contains(module);
  }
  // Finds those of several modules out at once, by several threads. None of them may be known yet.
  void read_call_graphs(Side side, const std::vector<Atom>& modules) const;
  // Its debug information; null also where it has none.
  const beam::SourceCode* source(Side side, Atom module) const;

  // What the supervisors of an application start.
  const SupervisedModules& supervised_modules(Side side,
                                              const release::TreeApplication& application) const;
  // The children whose specifications say something else than what is started.
  const std::vector<MisdeclaredChild>& misdeclared_children(Side side) const;
  // Whether another application of the release needs or includes it.
  bool is_needed_by_others(Side side, Atom application) const;

 private:
  // What is known of one release.
  struct Known {
    explicit Known(const release::ReleaseTree& tree);

    std::unordered_map<Atom, const release::TreeApplication*> owners;
    std::set<Atom> needed_applications;
    std::unordered_map<Atom, facts::ModuleFacts> module_facts;
    std::unordered_map<Atom, beam::CallGraph> call_graphs;
    std::unordered_map<Atom, std::optional<beam::SourceCode>> sources;
    std::map<Atom, SupervisedModules> supervised;
    std::optional<std::vector<MisdeclaredChild>> misdeclared;
  };

  Known& known(Side side) const { return side == Side::from ? old_ : new_; }
  beam::BeamFile file(Side side, Atom module) const;
  facts::ModuleFacts read_facts(Side side, Atom module) const;
  beam::CallGraph read_call_graph(Side side, Atom module) const;

  const release::ReleaseTree& from_;
  const release::ReleaseTree& to_;
  const policy::Policy& policy_;
  diff::ReleaseDiff diff_;
  std::unordered_map<Atom, const diff::ApplicationChange*> applications_;
  std::unordered_map<Atom, const diff::ModuleChange*> modules_;
  mutable Known old_;
  mutable Known new_;
};

}  // namespace relup::lint
