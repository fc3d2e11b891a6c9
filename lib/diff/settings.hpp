// SPDX-License-Identifier: Apache-2.0
#pragma once

// What differs of the files that belong to the release itself: sys.config, vm.args and their like.
// Of sys.config also which parameters of which application, by name: values may be secrets.

#include <string>
#include <vector>

#include "release/release_tree.hpp"

namespace relup::diff {

// In words: "sys.config differs", "vm.args is new".
std::vector<std::string> compare_settings(const release::ReleaseTree& from,
                                          const release::ReleaseTree& to);

// The parameters of one application; names are printed terms, sorted.
struct ConfigurationChange {
  std::string application;
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::vector<std::string> changed;
};

// Sorted by application. Nothing is told of a sys.config that does not read as a list of
// {Application, [{Parameter, Value}]}; a release without one sets nothing.
std::vector<ConfigurationChange> compare_configuration(const release::ReleaseTree& from,
                                                       const release::ReleaseTree& to);

}  // namespace relup::diff
