// SPDX-License-Identifier: Apache-2.0
#include "diff/live/gone_callback_modules.hpp"

#include <algorithm>

namespace relup::diff {
namespace {

using Kind = LiveDataChange::Kind;
using Way = LiveDataChange::Way;

// Whether the old code of a module starts processes of another one, by a call or as a child.
bool starts(const ModuleChange& starter, Atom module) {
  if (starter.children_change) {
    const auto& changed = starter.children_change->changed;
    if (std::any_of(changed.begin(), changed.end(),
                    [module](const auto& each) { return each.before.starter == module; }))
      return true;
  }
  if (!starter.old_facts || starter.name == module) return false;
  const auto& calls = starter.old_facts->imports;
  return std::any_of(calls.begin(), calls.end(), [module](const beam::Import& call) {
    return call.module == module && call.function.name().starts_with("start");
  });
}

}  // namespace

void compare_callback_module(const ApplicationChange& application, ModuleChange& module) {
  const bool goes =
      module.status == ModuleStatus::removed && module.old_facts && application.is_in_both();
  if (!goes || facts::state_position(*module.old_facts) == 0) return;
  const auto lists = [&](const facts::Child& child) {
    return child.starter == module.name || child.id == Term(module.name) ||
           (child.modules && std::find(child.modules->begin(), child.modules->end(), module.name) !=
                                 child.modules->end());
  };
  for (const ModuleChange& other : application.modules) {
    if (!other.children_change) continue;
    const auto& removed = other.children_change->removed;
    if (std::any_of(removed.begin(), removed.end(), lists)) return;
  }
  LiveDataChange change{Kind::process_module, Way::up};
  for (const ModuleChange& other : application.modules)
    if (starts(other, module.name)) change.readers.push_back(other.name);
  module.live_data.push_back(std::move(change));
}

}  // namespace relup::diff
