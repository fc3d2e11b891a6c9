// SPDX-License-Identifier: Apache-2.0
//
// systools_rc loads a module in front of code_change up, and behind code_change down; a `static`
// one in front of it both ways. So it is the new module that is called, but for a static one on the
// way down.

#include "lint/process_instructions.hpp"

#include <algorithm>

namespace relup::lint {
namespace {

using appup::Direction;

bool has_code_change(const EntryView& entry, Atom module) {
  return std::any_of(
      entry.instructions.begin(), entry.instructions.end(), [module](const auto& instruction) {
        const auto* change =
            instruction.action ? std::get_if<appup::CodeChange>(&*instruction.action) : nullptr;
        return change != nullptr &&
               std::any_of(change->modules.begin(), change->modules.end(),
                           [module](const auto& each) { return each.first == module; });
      });
}

void collect(const UpgradeView& view, const EntryView* entry,
             std::vector<ProcessInstruction>& found) {
  if (entry == nullptr || entry->restarts()) return;
  for (const InstructionView& instruction : entry->instructions) {
    if (!instruction.action || appup::takes_away(*instruction.action)) continue;
    const Atom* module = module_of(*instruction.action);
    if (module == nullptr) continue;
    const facts::ModuleFacts* before = view.releases.facts(Side::from, *module);
    const facts::ModuleFacts* after = view.releases.facts(Side::to, *module);
    if (before == nullptr || after == nullptr) continue;
    const bool up = entry->direction == Direction::up;
    const facts::ModuleFacts* origin = up ? before : after;
    if (facts::state_position(*origin) == 0) continue;
    const auto* update = std::get_if<appup::Update>(&*instruction.action);
    const bool is_static = update != nullptr && update->type == appup::ModuleType::static_module;
    const facts::ModuleFacts* running = !up && is_static ? before : after;
    const bool changes = (update != nullptr && update->extra) || has_code_change(*entry, *module);
    found.push_back({entry, &instruction, *module, origin, running, changes,
                     plan::state_takeover(*running, entry->direction)});
  }
}

}  // namespace

std::vector<ProcessInstruction> process_instructions(const UpgradeView& view) {
  std::vector<ProcessInstruction> found;
  collect(view, view.up, found);
  collect(view, view.down, found);
  return found;
}

}  // namespace relup::lint
