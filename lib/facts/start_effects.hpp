// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a process of a module does once, when it starts: names that it takes, tables that it makes,
// groups that it joins, flags, subscriptions, timers. A process that lives through an upgrade does
// not do it. Told from compiled code: what init/1 and the start functions of the module call.

#include <set>
#include <string>
#include <vector>

#include "facts/module_facts.hpp"
#include "facts/value_search.hpp"

namespace relup::facts {

struct StartEffect {
  enum class Kind { name, table, group, flag, subscription, handler, timer, socket };
  Kind kind = Kind::table;
  std::string call;     // "ets:new/2"
  std::string subject;  // what it is of, as a term: "till_tab"; empty where the code does not say
  auto operator<=>(const StartEffect&) const = default;
};
using StartEffects = std::set<StartEffect>;

StartEffects start_effects(const beam::ValueFlow& code);
// Of any function and those of the module that it calls.
StartEffects effects_of(const beam::ValueFlow& code, std::string_view function, unsigned arity);

// What a constant [name: Name] names, the last argument of Elixir's start functions.
std::vector<Term> names_in_options(const beam::FlowNode& options);

// "ets:new/2 makes the table till_tab"
std::string describe(const StartEffect& effect);

}  // namespace relup::facts
