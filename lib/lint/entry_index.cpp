// SPDX-License-Identifier: Apache-2.0
#include "lint/entry_index.hpp"

namespace relup::lint {

using appup::Direction;

void EntryIndex::add(const ParsedEntry& entry) {
  Modules& modules = of(entry.direction);
  restarts_ = restarts_ || entry.restarts();
  for (const ParsedInstruction& instruction : entry.instructions) {
    if (!instruction.action) continue;
    const Atom* module = appup::module_of(*instruction.action);
    const std::vector<Atom>* dep_mods = dep_mods_of(*instruction.action);
    if (module != nullptr) modules.named.insert(*module);
    if (dep_mods == nullptr) continue;
    modules.dep_mods.insert(dep_mods->begin(), dep_mods->end());
    if (module != nullptr) modules.with_dep_mods.insert(*module);
  }
}

bool EntryIndex::names(Direction direction, Atom module) const {
  return of(direction).named.contains(module);
}

bool EntryIndex::is_depended_on(Direction direction, Atom module) const {
  return of(direction).dep_mods.contains(module);
}

bool EntryIndex::can_be_depended_on(Direction direction, Atom module) const {
  return of(direction).with_dep_mods.contains(module);
}

EntryIndex::Modules& EntryIndex::of(Direction direction) {
  return direction == Direction::up ? up_ : down_;
}

const EntryIndex::Modules& EntryIndex::of(Direction direction) const {
  return direction == Direction::up ? up_ : down_;
}

}  // namespace relup::lint
