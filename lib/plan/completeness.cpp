// SPDX-License-Identifier: Apache-2.0
#include "plan/completeness.hpp"

#include "plan/release_plan.hpp"

namespace relup::plan {

using diff::ModuleChange;
using diff::ModuleStatus;

bool needs_instruction(const ModuleChange& module) {
  return module.changes_code || module.status == ModuleStatus::added ||
         module.status == ModuleStatus::removed;
}

bool differs_in_attributes_only(const ModuleChange& module) {
  return module.only_attributes;
}

std::vector<const ModuleChange*> missed_modules(const diff::ApplicationChange& application,
                                                const std::function<bool(Atom)>& is_named,
                                                const policy::Policy& policy) {
  std::vector<const ModuleChange*> missed;
  for (const ModuleChange& module : application.modules) {
    if (!needs_instruction(module) || is_named(module.name)) continue;
    if (!is_left_alone(policy, application.name, module.name)) missed.push_back(&module);
  }
  return missed;
}

}  // namespace relup::plan
