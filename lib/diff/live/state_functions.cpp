// SPDX-License-Identifier: Apache-2.0
#include "diff/live/state_functions.hpp"

#include "diff/live/code_change_care.hpp"
#include "term/printer.hpp"

namespace relup::diff {
namespace {

using beam::ValueFlow;
using facts::ModuleFacts;
using Kind = LiveDataChange::Kind;
using Way = LiveDataChange::Way;
using Care = LiveDataChange::Care;

void add_gone_functions(CodePair& pair, const ValueFlow& code, const ModuleFacts& from,
                        const ModuleFacts& to, Way way) {
  LiveDataChange change{Kind::state_function, way};
  for (const facts::FunctionName& each : from.exports) {
    const std::string& name = each.name.name();
    if (each.arity != 3 || name == "terminate" || name == "code_change") continue;
    if (to.exports_function(name, 3) || !mentions(code, each.name)) continue;
    const Care care = care_for_state(pair, each.name);
    if (change.subject.empty() || care == Care::none) change.care = care;
    append_name(change.subject, print_atom(name));
  }
  if (!change.subject.empty()) pair.change->live_data.push_back(std::move(change));
}

}  // namespace

void compare_state_functions(CodePair& pair) {
  const std::set<Atom> before = callback_mode(*pair.old_code);
  const std::set<Atom> after = callback_mode(*pair.new_code);
  const bool has_callback = facts::state_callback(*pair.change->new_facts).has_value();
  if (!before.empty() && !after.empty() && before != after && !has_callback)
    pair.change->live_data.push_back({Kind::callback_mode});
  if (before.contains(Atom("state_functions")) && after.contains(Atom("state_functions"))) {
    add_gone_functions(pair, *pair.old_code, *pair.change->old_facts, *pair.change->new_facts,
                       Way::up);
    add_gone_functions(pair, *pair.new_code, *pair.change->new_facts, *pair.change->old_facts,
                       Way::down);
  }
}

}  // namespace relup::diff
