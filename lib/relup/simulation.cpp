// SPDX-License-Identifier: Apache-2.0
#include "relup/simulation.hpp"

namespace relup {

std::optional<Loaded> Simulation::loaded(Atom module, std::size_t step) const {
  const auto found = histories_.find(module);
  if (found == histories_.end()) return std::nullopt;
  Loaded loaded = found->second.first;
  for (const Change& change : found->second.changes) {
    if (change.behind < step) loaded = change.loaded;
  }
  return loaded;
}

Simulation simulate(const Script&, appup::Direction, const diff::ReleaseDiff&) {
  return {};
}

}  // namespace relup
