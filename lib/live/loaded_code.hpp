// SPDX-License-Identifier: Apache-2.0
#pragma once

// The proof that a node runs a release: what is in its memory is what the release has on disk.

#include <optional>
#include <string>
#include <vector>

#include "live/agent_verbs.hpp"
#include "release/release_tree.hpp"

namespace relup::live {

struct MemoryDifference {
  std::optional<Atom> module;  // none: it is about an application
  std::string text;            // a sentence
};

// What differs between the code in memory and the files of `tree`; nothing when every loaded module
// is that of the release, and every loaded application has its version. Identity is the MD5 that
// `Module:module_info(md5)` answers.
std::vector<MemoryDifference> differences_in_memory(AgentVerbs& agent,
                                                    const release::ReleaseTree& tree);

// The file of a module as a node of that release runs it, relative to the root; none where the
// release does not have the module.
std::optional<std::string> running_beam(const release::ReleaseTree& tree, Atom module);

}  // namespace relup::live
