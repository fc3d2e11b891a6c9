// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node as far as an upgrade is concerned, without a node: which code of each module is loaded,
// whose processes are suspended, which applications run. A script is run on it step by step, with
// what the release handler demands of each step (relup(4)) and what a careful script keeps to
// besides. Faults are told in words; a fault never stops a run.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "facts/module_facts.hpp"
#include "release/release_tree.hpp"
#include "relup/script.hpp"

namespace relup::pairs {

struct ModelModule : facts::ModuleFacts {
  beam::BeamFile file;
};

// What a release is to the model.
struct ModelRelease {
  struct Library {
    std::string version;
    std::set<Atom> modules;
    bool runs = true;  // by itself: no other includes it, and its start type starts it
  };
  std::map<Atom, Library> libraries;
  std::map<Atom, ModelModule> modules;
};

ModelRelease model_of(const release::ReleaseTree& tree);

// A call that nobody would answer.
struct Gap {
  Atom caller;
  Atom callee;
  std::string text;  // "after {load,...}: a calls b:g/0"
};

// The releases that a model node was given must outlive it.
class ModelNode {
 public:
  explicit ModelNode(const ModelRelease& release);

  // Runs a script that leads to `target`.
  void run(const Script& script, appup::Direction direction, const ModelRelease& target);

  // What was wrong so far; in the end, among others, each difference from `target`.
  const std::vector<std::string>& faults() const { return faults_; }
  // Calls that could not be answered between two steps, although they can in both releases. Only
  // callers count that somebody may run: modules of both releases, and whom those call.
  const std::vector<Gap>& gaps() const { return gaps_; }

  // By module what is loaded; nothing else tells two nodes apart once a script has ended.
  const std::map<Atom, const ModelModule*>& loaded() const { return loaded_; }
  const std::set<Atom>& running() const { return running_; }

 private:
  class Run;

  const ModelRelease* release_;
  std::map<Atom, const ModelModule*> loaded_;
  std::set<Atom> running_;  // applications
  std::vector<std::string> faults_;
  std::vector<Gap> gaps_;
};

// Whether both have the same code loaded and the same applications running.
bool same_state(const ModelNode& left, const ModelNode& right);

}  // namespace relup::pairs
