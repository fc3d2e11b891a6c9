// SPDX-License-Identifier: Apache-2.0
#pragma once

// What differs of the files that belong to the release itself: sys.config, vm.args and their like.
// Of sys.config also which parameters of which application, by name: values may be secrets.

#include <string>
#include <string_view>
#include <vector>

#include "diff/name_changes.hpp"
#include "release/release_tree.hpp"

namespace relup::diff {

enum class SettingsFile {
  sys_config,
  sys_config_source,  // sys.config.src
  vm_args,
  vm_args_source,  // vm.args.src
  runtime_config,  // runtime.exs
  environment,     // env.sh
  remote_vm_args,
};
std::string_view name_of(SettingsFile file);

enum class FileStatus { added, removed, changed };

struct SettingsChange {
  SettingsFile file;
  FileStatus status;
};

std::vector<SettingsChange> compare_settings(const release::ReleaseTree& old_release,
                                             const release::ReleaseTree& new_release);

// The parameters of one application; names are printed terms.
struct ConfigurationChange : NameChanges {
  std::string application;
};

// Sorted by application. Nothing is told of a sys.config that does not read as a list of
// {Application, [{Parameter, Value}]}; a release without one sets nothing.
std::vector<ConfigurationChange> compare_configuration(const release::ReleaseTree& old_release,
                                                       const release::ReleaseTree& new_release);

}  // namespace relup::diff
