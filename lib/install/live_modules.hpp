// SPDX-License-Identifier: Apache-2.0
#pragma once

// What code a node has loaded, and who still runs old code. All of it is asked with a few calls
// that each answer for many modules; nothing is changed on the node.

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "node/node_channel.hpp"
#include "release/release_tree.hpp"

namespace relup::install {

struct OldCode {
  Atom module;
  std::vector<std::string> processes;  // that still run it: registered name, or pid
};

class LiveModules {
 public:
  explicit LiveModules(node::NodeChannel& channel) : channel_(channel) {}

  // Modules with an old version still in memory; `all` of them when no list is given.
  std::vector<Atom> with_old_code(const std::vector<Atom>& modules);
  std::vector<Atom> loaded();
  // The processes that would die if old code of `module` were purged.
  OldCode holders(Atom module);

  // What differs between the code in memory and the files of `tree`, as sentences; nothing when
  // every loaded module is that of the release. Identity is the MD5 that `Module:module_info(md5)`
  // answers.
  std::vector<std::string> differences(const release::ReleaseTree& tree);

 private:
  std::vector<std::string> version_differences(const release::ReleaseTree& tree);
  std::vector<Atom> filter(std::string_view function, const std::vector<Atom>& modules);

  node::NodeChannel& channel_;
};

}  // namespace relup::install
