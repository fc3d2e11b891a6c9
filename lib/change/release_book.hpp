// SPDX-License-Identifier: Apache-2.0
#pragma once

// The releases of a host: what its files say, what its node knows, and what is right. The node may
// know less than the files: one that could not read RELEASES makes up a release without libraries.
// And both may name another release than the one that runs, when a commit was cut off. So what runs
// is told by the applications that are loaded, against the .rel files. Where a release is installed
// and not committed, the permanent one is that of the node. Nothing is changed.

#include <string>
#include <vector>

#include "change/starting_point.hpp"
#include "host/boot_repair.hpp"
#include "host/boot_state.hpp"
#include "live/agent_verbs.hpp"

namespace relup::change {

struct ReleaseBook {
  host::BootState disk;
  std::vector<release::InstalledRelease> releases;  // as they should be listed
  std::string running;                              // its version; empty where nothing tells it
  host::BootRepair repair;                          // of the files
  bool has_node_to_learn = false;                   // what it knows is not `releases`
};

ReleaseBook read_release_book(FileSystem& files, const host::Host& host, live::AgentVerbs& agent);

// Whether nothing is left to be committed for the node, and the files still say otherwise.
bool is_half_committed(const ReleaseBook& book);

// As the release handler lists them.
Releases releases_in(const ReleaseBook& book);

// Which of the releases in the root has the applications, in their versions, that are loaded; of
// several that have, the first of `preferred` that is among them. None when none has, or when that
// does not decide.
std::optional<std::string> release_of_code(const host::BootState& disk,
                                           const std::vector<std::pair<Atom, std::string>>& loaded,
                                           const std::vector<std::string>& preferred);

}  // namespace relup::change
