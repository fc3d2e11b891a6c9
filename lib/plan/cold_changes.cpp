// SPDX-License-Identifier: Apache-2.0
#include "plan/cold_changes.hpp"

#include <algorithm>

namespace relup::plan {
namespace {

using diff::ApplicationChange;
using diff::ApplicationStatus;
using diff::ModuleChange;

bool is_under_everything(Atom application) {
  return application == "kernel" || application == "stdlib" || application == "sasl";
}

std::vector<std::string> reasons_to_restart(const ApplicationChange& application) {
  std::vector<std::string> reasons = application.fixed_at_start;
  for (const ModuleChange& module : application.modules) {
    if (!module.changes_code || !facts::loads_library(*module.old_facts)) continue;
    reasons.push_back(module.name.name() + ", which loads a native library, changed");
  }
  return reasons;
}

}  // namespace

ColdChanges find_cold_changes(const diff::ReleaseDiff& diff) {
  ColdChanges cold;
  if (diff.from.erts != diff.to.erts) {
    cold.emulator.push_back("ERTS changes from " + diff.from.erts + " to " + diff.to.erts);
  }
  for (const ApplicationChange& application : diff.applications) {
    if (!application.changes_version()) continue;
    if (is_under_everything(application.name)) {
      cold.emulator.push_back(application.name.name() + " changes from " + application.from +
                              " to " + application.to);
      continue;
    }
    if (application.is_of_system) {
      cold.emulator.push_back(application.name.name() +
                              " is that of the system's OTP and changes from " + application.from +
                              " to " + application.to);
      continue;
    }
    auto reasons = reasons_to_restart(application);
    if (!reasons.empty()) cold.applications.emplace(application.name, std::move(reasons));
  }
  std::copy_if(diff.settings.begin(), diff.settings.end(), std::back_inserter(cold.next_start),
               [](const std::string& setting) { return setting.starts_with("vm.args"); });
  return cold;
}

bool has_hot_changes(const diff::ReleaseDiff& diff) {
  const bool has_settings =
      std::any_of(diff.settings.begin(), diff.settings.end(), [](const std::string& setting) {
        return setting.starts_with("sys.config") || setting.starts_with("runtime.exs");
      });
  return has_settings || !diff.protocols.empty() ||
         std::any_of(diff.applications.begin(), diff.applications.end(),
                     [](const ApplicationChange& application) {
                       return application.status != ApplicationStatus::unchanged;
                     });
}

}  // namespace relup::plan
