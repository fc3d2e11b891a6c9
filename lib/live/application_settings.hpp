// SPDX-License-Identifier: Apache-2.0
#pragma once

// The settings of applications (their environment, application:get_env/2): those that a node has,
// those that a release would set, and what differs between the two. An install sets all of them
// again: a key that was set by hand while the node ran is dropped (application_controller:
// change_application_data/2). Values whose keys look like secrets are never shown.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "release/release_tree.hpp"
#include "term/term.hpp"

namespace relup::live {

// By application and key.
using Settings = std::map<Atom, std::map<Atom, Term>>;

// Of [{App, [{Key, Value}]}]; what has another form is left out.
Settings read_settings(const Term& list);

// What the release sets in the applications that it loads: the `env` of their .app files, over that
// the configuration, over that the command line of the node.
Settings settings_of(const release::ReleaseTree& tree, const Settings& configuration,
                     const Settings& command_line);

// One place where they differ. Keyword lists and maps are followed inwards.
struct SettingChange {
  std::string application;
  std::vector<std::string> path;      // the key, and the keys below it; names as people write them
  std::optional<std::string> before;  // Erlang terms; none where the key is not there
  std::optional<std::string> after;
};

// Of the applications of the release, in the order of their names.
std::vector<SettingChange> compare_settings(const Settings& node, const Settings& release);

}  // namespace relup::live
