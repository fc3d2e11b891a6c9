// SPDX-License-Identifier: Apache-2.0
#include "plan/decision.hpp"

#include "plan/module_kind.hpp"

namespace relup::plan {
namespace {

// What happens to the state on that way.
std::string state_reason(const facts::StateChange& change, appup::Direction direction) {
  if (direction == appup::Direction::up) return facts::reason_of(change);
  return facts::reason_of({change.after, change.before, change.removed, change.added});
}

}  // namespace

std::vector<std::string> reasons_to_purge(const policy::ModuleWish& wish) {
  if (wish.purge == policy::PurgePair{}) return {};
  return {"relup.yaml says how to purge"};
}

std::vector<std::string> reasons_to_switch(const diff::ModuleChange& module,
                                           const Decision& decision, const policy::ModuleWish& wish,
                                           Suspension suspension) {
  std::vector<std::string> because;
  if (wish.change) {
    because.emplace_back("relup.yaml says what kind of change it is");
  } else {
    because.push_back(reason_of_kind(module));
    if (suspension == Suspension::while_loading)
      because.emplace_back("suspended, for it and others need each other while they switch");
  }
  if (module.state_change)
    because.push_back(state_reason(*module.state_change, decision.direction));
  const auto* update = std::get_if<appup::Update>(&*decision.instruction);
  if (update != nullptr && update->extra && wish.extra)
    because.emplace_back("relup.yaml says what code_change is told");
  if (update != nullptr && !(wish.suspend_timeout == policy::ModuleWish{}.suspend_timeout))
    because.emplace_back("relup.yaml says how long it may take to suspend");
  for (std::string& reason : reasons_to_purge(wish))
    because.push_back(std::move(reason));
  return because;
}

std::vector<std::string> reasons_to_wait(const ModuleTies& ties, appup::Direction direction,
                                         Atom module) {
  const DepMods& dep_mods = direction == appup::Direction::up ? ties.up : ties.down;
  std::vector<std::string> because;
  const auto found = dep_mods.find(module);
  if (found == dep_mods.end()) return because;
  const std::string word = direction == appup::Direction::up ? "waits for " : "goes before ";
  for (const Atom earlier : found->second)
    because.push_back(word + earlier.name() + ": " + ties.because.at({module, earlier}));
  return because;
}

}  // namespace relup::plan
