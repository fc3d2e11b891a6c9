// SPDX-License-Identifier: Apache-2.0
#include "appup/module_kind.hpp"

#include <algorithm>
#include <array>

namespace relup::appup {
namespace {

using diff::ModuleFacts;

template <std::size_t size>
bool has_behaviour(const ModuleFacts& facts, const std::array<std::string_view, size>& names) {
  return std::any_of(facts.behaviours.begin(), facts.behaviours.end(), [&](Atom behaviour) {
    return std::find(names.begin(), names.end(), behaviour.name()) != names.end();
  });
}

bool is_supervisor(const ModuleFacts& facts) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"supervisor", "Elixir.Supervisor", "Elixir.DynamicSupervisor"});
  return has_behaviour(facts, names);
}

bool changes_code(const ModuleFacts& facts) {
  static constexpr auto with_three =
      std::to_array<std::string_view>({"gen_server", "gen_event", "Elixir.GenServer"});
  static constexpr auto with_four = std::to_array<std::string_view>({"gen_statem", "gen_fsm"});
  return facts.exports_function("system_code_change", 4) ||
         (has_behaviour(facts, with_three) && facts.exports_function("code_change", 3)) ||
         (has_behaviour(facts, with_four) && facts.exports_function("code_change", 4));
}

}  // namespace

ModuleKind module_kind(const ModuleFacts& before, const ModuleFacts& after) {
  if (is_supervisor(before) && is_supervisor(after)) return ModuleKind::supervisor;
  // gen_statem and gen_server of one name have different code_change arities; a module that turns
  // from one into the other cannot change the state of a live process.
  if (changes_code(before) && changes_code(after)) return ModuleKind::process;
  return ModuleKind::plain;
}

}  // namespace relup::appup
