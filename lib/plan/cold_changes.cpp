// SPDX-License-Identifier: Apache-2.0
#include "plan/cold_changes.hpp"

#include <algorithm>

#include "diff/in_words.hpp"

namespace relup::plan {
namespace {

using diff::ApplicationChange;
using diff::ApplicationStatus;
using diff::ModuleChange;

bool is_under_everything(Atom application) {
  return application == "kernel" || application == "stdlib" || application == "sasl";
}

std::vector<std::string> reasons_to_restart(const ApplicationChange& application) {
  std::vector<std::string> reasons;
  for (const diff::FixedAtStart& change : application.fixed_at_start)
    reasons.push_back(describe(change));
  for (const ModuleChange& module : application.modules) {
    if (!module.changes_code || !facts::loads_library(*module.old_facts)) continue;
    reasons.push_back(module.name.name() + ", which loads a native library, changed");
  }
  return reasons;
}

// An install sets the parameters of applications anew (release_handler(3)).
bool is_read_in_an_upgrade(diff::SettingsFile file) {
  using File = diff::SettingsFile;
  return file == File::sys_config || file == File::sys_config_source ||
         file == File::runtime_config;
}

}  // namespace

bool waits_for_next_start(diff::SettingsFile file) {
  return file == diff::SettingsFile::vm_args || file == diff::SettingsFile::vm_args_source;
}

ColdChanges find_cold_changes(const diff::ReleaseDiff& diff) {
  ColdChanges cold;
  if (diff.old_release.erts != diff.new_release.erts) {
    cold.emulator.push_back("ERTS changes from " + diff.old_release.erts + " to " +
                            diff.new_release.erts);
  }
  for (const ApplicationChange& application : diff.applications) {
    if (!application.changes_version()) continue;
    if (is_under_everything(application.name)) {
      cold.emulator.push_back(application.name.name() + " changes from " + application.old_version +
                              " to " + application.new_version);
      continue;
    }
    if (application.is_of_system) {
      cold.emulator.push_back(application.name.name() +
                              " is that of the system's OTP and changes from " +
                              application.old_version + " to " + application.new_version);
      continue;
    }
    auto reasons = reasons_to_restart(application);
    if (!reasons.empty()) cold.applications.emplace(application.name, std::move(reasons));
  }
  std::copy_if(
      diff.settings.begin(), diff.settings.end(), std::back_inserter(cold.next_start),
      [](const diff::SettingsChange& change) { return waits_for_next_start(change.file); });
  return cold;
}

bool has_hot_changes(const diff::ReleaseDiff& diff) {
  const bool has_settings = std::any_of(
      diff.settings.begin(), diff.settings.end(),
      [](const diff::SettingsChange& change) { return is_read_in_an_upgrade(change.file); });
  return has_settings || !diff.protocols.empty() ||
         std::any_of(diff.applications.begin(), diff.applications.end(),
                     [](const ApplicationChange& application) {
                       return application.status != ApplicationStatus::unchanged;
                     });
}

}  // namespace relup::plan
