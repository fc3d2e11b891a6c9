// SPDX-License-Identifier: Apache-2.0
//
// First the functions that go, on the one way and on the other: few, and most releases have nobody
// who names one of them. What a module keeps is searched only where it has such a name at all, for
// that search is dear.

#include "diff/live/gone_functions.hpp"

#include <algorithm>
#include <functional>

#include "base/parallel.hpp"
#include "diff/live/code_change_care.hpp"
#include "facts/kept_data.hpp"
#include "facts/value_search.hpp"
#include "term/printer.hpp"

namespace relup::diff {
namespace {

using beam::FlowNode;
using beam::ValueFlow;
using facts::FunctionName;
using facts::HeldThing;
using facts::ModuleFacts;
using facts::NamedFunction;
using Kind = LiveDataChange::Kind;
using Way = LiveDataChange::Way;

struct Goner {
  ModuleChange* change;
  FunctionName name;
};
using Goners = std::map<std::pair<Atom, Atom>, std::vector<Goner>>;  // by module and function

// What one module names of them, by the place in `Goners`.
struct Named {
  Atom module;
  const Goner* goner;
  std::optional<NamedFunction> name = {};
  std::optional<facts::Store> store = {};
};

void add_goners(ModuleChange& change, const ModuleFacts& from, const std::optional<ModuleFacts>& to,
                Goners& goners) {
  if (to && to->exports_function("$handle_undefined_function", 2)) return;
  for (const FunctionName& each : from.exports) {
    if (!to || !to->exports_function(each.name.name(), each.arity))
      goners[{change.name, each.name}].push_back({&change, each});
  }
}

Goners goners_of(std::vector<ApplicationChange>& applications, Way way) {
  Goners goners;
  const auto whole = way == Way::up ? ModuleStatus::removed : ModuleStatus::added;
  for (ApplicationChange& application : applications) {
    if (!application.is_in_both()) continue;
    for (ModuleChange& module : application.modules) {
      const auto& from = way == Way::up ? module.old_facts : module.new_facts;
      const auto& to = way == Way::up ? module.new_facts : module.old_facts;
      if (from && (to || module.status == whole)) add_goners(module, *from, to, goners);
    }
  }
  return goners;
}

// Those that go, of that number of arguments; of any where it is not known, once no function of the
// name stays.
void for_goners(const Goners& goners, Atom module, Atom function, std::optional<unsigned> arity,
                const std::function<void(const Goner&)>& each) {
  const auto found = goners.find({module, function});
  if (found == goners.end()) return;
  if (!arity && found->second.size() > 1) return;
  for (const Goner& goner : found->second)
    if (!arity || *arity == goner.name.arity) each(goner);
}

bool holds_name(const Term& term, const Goners& goners) {
  facts::HeldThings things;
  facts::add_held(term, Atom("any"), things);
  return std::any_of(things.begin(), things.end(), [&](const HeldThing& thing) {
    return thing.kind == HeldThing::Kind::function && goners.contains({*thing.module, thing.name});
  });
}

// Whether a value in the code may be the name of one of them.
bool may_keep(const ValueFlow& code, const Goners& goners) {
  for (const auto& [name, function] : code.functions) {
    for (const FlowNode& node : function.nodes) {
      if (node.kind == FlowNode::Kind::term && holds_name(node.value, goners)) return true;
      if (node.kind != FlowNode::Kind::tuple || node.parts.size() != 3) continue;
      const auto module = facts::atom_of(function.nodes[node.parts[0]]);
      const auto named = facts::atom_of(function.nodes[node.parts[1]]);
      if (module && named && goners.contains({*module, *named})) return true;
    }
  }
  return false;
}

void find_kept(const CodePair& pair, const CodePairs& pairs, Way way, const Goners& goners,
               std::vector<Named>& found) {
  const auto version = way == Way::up ? &CodePair::old_code : &CodePair::new_code;
  const ValueFlow& code = *(pair.*version);
  if (!may_keep(code, goners)) return;
  const auto other_code = [&](Atom module) {
    const CodePair* other = pairs.find(module);
    return other == nullptr ? nullptr : other->*version;
  };
  const ModuleFacts& facts = way == Way::up ? *pair.change->old_facts : *pair.change->new_facts;
  for (const auto& [store, things] : facts::kept_data(facts, code, other_code)) {
    for (const HeldThing& thing : things) {
      if (thing.kind != HeldThing::Kind::function) continue;
      const bool is_seen_to =
          store == facts::Store::state && care_for(pair, thing.name) != LiveDataChange::Care::none;
      if (is_seen_to) continue;
      const auto arity = static_cast<unsigned>(thing.size);
      for_goners(goners, *thing.module, thing.name, arity, [&, at = store](const Goner& goner) {
        found.push_back({pair.change->name, &goner, std::nullopt, at});
      });
    }
  }
}

// On the way down what new code spawns lives no longer than the script.
bool matters(const NamedFunction& name, Way way) {
  return way == Way::up || name.by != NamedFunction::By::spawn;
}

std::vector<Named> names_in(const CodePair& pair, const CodePairs& pairs, Way way,
                            const Goners& goners) {
  std::vector<Named> found;
  const ValueFlow& code = way == Way::up ? *pair.old_code : *pair.new_code;
  for (const NamedFunction& name : facts::named_functions(code)) {
    if (!matters(name, way)) continue;
    for_goners(goners, name.module, name.function, name.arity, [&](const Goner& goner) {
      found.push_back({pair.change->name, &goner, name});
    });
  }
  find_kept(pair, pairs, way, goners, found);
  return found;
}

void add(const Goner& goner, Way way, const std::vector<const Named*>& names) {
  LiveDataChange change{Kind::gone_function, way};
  change.subject = print_atom(goner.name.name.name()) + "/" + std::to_string(goner.name.arity);
  for (const Named* each : names) {
    if (each->name) change.names.emplace_back(each->module, *each->name);
    if (!each->store) continue;
    change.stores.insert(*each->store);
    const auto known = std::find(change.readers.begin(), change.readers.end(), each->module);
    if (known == change.readers.end()) change.readers.push_back(each->module);
  }
  goner.change->live_data.push_back(std::move(change));
}

void compare_way(std::vector<ApplicationChange>& applications, const CodePairs& pairs, Way way) {
  const Goners goners = goners_of(applications, way);
  if (goners.empty()) return;
  std::vector<std::vector<Named>> found(pairs.all().size());
  for_each_index(found.size(), [&](std::size_t index) {
    found[index] = names_in(pairs.all()[index], pairs, way, goners);
  });
  std::map<const Goner*, std::vector<const Named*>> by_function;
  for (const auto& names : found) {
    for (const Named& each : names)
      by_function[each.goner].push_back(&each);
  }
  for (const auto& [key, functions] : goners) {
    for (const Goner& goner : functions) {
      const auto names = by_function.find(&goner);
      if (names != by_function.end()) add(goner, way, names->second);
    }
  }
}

}  // namespace

void compare_named_functions(std::vector<ApplicationChange>& applications, const CodePairs& pairs) {
  compare_way(applications, pairs, Way::up);
  compare_way(applications, pairs, Way::down);
}

}  // namespace relup::diff
