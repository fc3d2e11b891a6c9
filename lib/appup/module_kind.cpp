// SPDX-License-Identifier: Apache-2.0
#include "appup/module_kind.hpp"

namespace relup::appup {
ModuleKind module_kind(const diff::ModuleChange& module) {
  const diff::ModuleFacts& before = *module.old_facts;
  const diff::ModuleFacts& after = *module.new_facts;
  if (diff::is_supervisor(before) && diff::is_supervisor(after)) return ModuleKind::supervisor;
  // A gen_server that becomes a gen_statem cannot take the state of a live process over.
  const bool is_same_kind = diff::state_position(before) == diff::state_position(after);
  if (!diff::state_callback(after) || !is_same_kind) return ModuleKind::plain;
  const bool has_nothing_to_do = after.keeps_state && !module.state_change;
  return has_nothing_to_do ? ModuleKind::plain : ModuleKind::process;
}

}  // namespace relup::appup
