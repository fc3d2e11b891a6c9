// SPDX-License-Identifier: Apache-2.0
//
// On the way up systools_rc loads a module before it calls code_change, on the way down after it; a
// `static` module it loads first both ways. So it is the code of the new release that is called,
// except for a static module on the way down.

#include "lint/process_instructions.hpp"

#include <set>

namespace relup::lint {
namespace {

using appup::Direction;

// The modules that code_change instructions of the entry name.
std::set<Atom> code_changes_of(const ParsedEntry& entry) {
  std::set<Atom> modules;
  for (const ParsedInstruction& instruction : entry.instructions) {
    const auto* change =
        instruction.action ? std::get_if<appup::CodeChange>(&*instruction.action) : nullptr;
    if (change == nullptr) continue;
    for (const auto& [module, extra] : change->modules)
      modules.insert(module);
  }
  return modules;
}

void collect(const UpgradeView& view, const ParsedEntry* entry,
             std::vector<ProcessInstruction>& found) {
  if (entry == nullptr || entry->restarts()) return;
  const std::set<Atom> code_changes = code_changes_of(*entry);
  for (const ParsedInstruction& instruction : entry->instructions) {
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
    const bool changes = (update != nullptr && update->extra) || code_changes.contains(*module);
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

std::vector<Atom> suspended_by(const appup::Action& action) {
  if (const auto* update = std::get_if<appup::Update>(&action)) return {update->module};
  std::vector<Atom> modules;
  if (const auto* suspend = std::get_if<appup::Suspend>(&action)) {
    for (const auto& target : suspend->targets)
      modules.push_back(target.module);
  }
  return modules;
}

}  // namespace relup::lint
