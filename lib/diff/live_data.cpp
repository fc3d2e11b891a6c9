// SPDX-License-Identifier: Apache-2.0
//
// Both versions of every changed module are read as graphs of values, in several threads. What the
// old one keeps is then held against what the new one knows. A shape has changed where the new code
// no longer knows it at all, and knows the same tag with another size that the old code did not
// know: code that still names the old shape is taken to cope with it.
//
// A code_change that is the same in both releases cannot know what is new in the second: it was
// written for an earlier step, and is not counted on.

#include "diff/live_data.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/parallel.hpp"
#include "diff/release_diff.hpp"
#include "term/printer.hpp"

namespace relup::diff {
namespace {

using beam::FlowNode;
using beam::FunctionFlow;
using beam::TupleShape;
using beam::ValueFlow;
using facts::HeldThing;
using facts::ModuleFacts;
using facts::Store;
using Kind = LiveDataChange::Kind;
using Way = LiveDataChange::Way;
using Care = LiveDataChange::Care;

// Tags that say nothing of a type.
bool is_common(Atom tag) {
  constexpr auto common = std::to_array<std::string_view>(
      {"ok",    "error",  "undefined", "nil",      "true",       "false",         "none",
       "value", "reply",  "noreply",   "stop",     "EXIT",       "DOWN",          "timeout",
       "local", "global", "via",       "continue", "next_state", "state_timeout", "call",
       "cast",  "info",   "badmatch",  "down"});
  return std::any_of(common.begin(), common.end(), [&](auto each) { return tag == each; });
}

// The code of a module in both releases.
struct Pair {
  ModuleChange* change;
  const ValueFlow* old_code = nullptr;
  const ValueFlow* new_code = nullptr;
  std::set<TupleShape> old_tuples = {};
  std::set<TupleShape> new_tuples = {};
};

std::set<std::size_t> sizes_of(Atom tag, const std::set<TupleShape>& tuples) {
  std::set<std::size_t> sizes;
  for (auto each = tuples.lower_bound({tag, 0}); each != tuples.end() && each->tag == tag; ++each)
    sizes.insert(each->size);
  return sizes;
}

std::optional<beam::FieldNames> fields_of(const ModuleFacts& facts, Atom tag, std::size_t size) {
  std::optional<beam::RecordDefinition> record;
  if (const beam::SourceCode* source = facts.source()) record = source->record(tag.name());
  if (!record) {
    const auto header = facts.header_records().find(tag.name());
    if (header != facts.header_records().end()) record = header->second;
  }
  if (!record || record->fields.size() + 1 != size) return std::nullopt;
  return record->fields;
}

std::vector<std::string> missing_in(const std::vector<std::string>& some,
                                    const std::vector<std::string>& others) {
  std::vector<std::string> missing;
  for (const std::string& each : some) {
    if (std::find(others.begin(), others.end(), each) == others.end()) missing.push_back(each);
  }
  return missing;
}

// The function of `code` and those of the module that it calls.
std::set<const FunctionFlow*> reached_from(const ValueFlow& code, const FunctionFlow* from) {
  std::set<const FunctionFlow*> reached;
  std::vector<const FunctionFlow*> open{from};
  while (!open.empty()) {
    const FunctionFlow* function = open.back();
    open.pop_back();
    if (function == nullptr || !reached.insert(function).second) continue;
    for (const FlowNode& node : function->nodes) {
      if (node.kind == FlowNode::Kind::call && !node.module)
        open.push_back(code.find(*node.function, node.parts.size()));
      if (node.kind == FlowNode::Kind::fun)
        open.push_back(code.find(*node.function, node.number + node.parts.size()));
    }
  }
  return reached;
}

bool mentions(const FunctionFlow& function, Atom atom) {
  if (function.compared.contains(atom)) return true;
  return std::any_of(function.nodes.begin(), function.nodes.end(), [&](const FlowNode& node) {
    return node.kind == FlowNode::Kind::term && node.value == Term(atom);
  });
}

bool mentions(const ValueFlow& code, Atom atom) {
  return std::any_of(code.functions.begin(), code.functions.end(),
                     [&](const auto& each) { return mentions(each.second, atom); });
}

// The atoms that callback_mode/0 may answer; empty where it cannot be told.
std::set<Atom> callback_mode(const ValueFlow& code) {
  std::set<Atom> modes;
  const FunctionFlow* function = code.find("callback_mode", 0);
  if (function == nullptr) return modes;
  for (const FlowNode::Index result : function->results) {
    const Term& value = function->nodes[result].value;
    if (const Atom* mode = value.as_atom()) modes.insert(*mode);
    const auto several = value.atoms();
    if (several) modes.insert(several->begin(), several->end());
    if (value.as_atom() == nullptr && !several) return {};
  }
  return modes;
}

// The function that made a fun, by the name that the compiler gave to that: "attach/0" of
// '-attach/0-fun-1-'.
std::string maker_of_fun(Atom fun) {
  const std::string& name = fun.name();
  if (!name.starts_with("-")) return name;
  const std::size_t end = name.find('-', 1);
  return end == std::string::npos ? name : name.substr(1, end - 1);
}

class Comparison {
 public:
  explicit Comparison(std::vector<ApplicationChange>& applications) : applications_(applications) {
    for (ApplicationChange& application : applications) {
      for (ModuleChange& module : application.modules) {
        if (!module.changes_code || !module.old_facts || !module.new_facts) continue;
        if (!module.old_facts->module_source || !module.new_facts->module_source) continue;
        by_name_.emplace(module.name, pairs_.size());
        pairs_.push_back({&module});
      }
    }
  }

  void compare() {
    for_each_index(pairs_.size(), [this](std::size_t index) { read(pairs_[index]); });
    for_each_index(pairs_.size(), [this](std::size_t index) { compare(pairs_[index]); });
    for (ApplicationChange& application : applications_) {
      for (ModuleChange& module : application.modules)
        compare_callback_module(application, module);
    }
  }

 private:
  static void read(Pair& pair) {
    pair.old_code = &pair.change->old_facts->module_source->value_flow();
    pair.new_code = &pair.change->new_facts->module_source->value_flow();
    pair.old_tuples = facts::tuples_in(*pair.old_code);
    pair.new_tuples = facts::tuples_in(*pair.new_code);
  }

  void compare(Pair& pair) const {
    pair.change->has_leftover_code_change = is_code_change_left_over(pair);
    compare_kept(pair);
    if (facts::state_position(*pair.change->old_facts) == 0 ||
        facts::state_position(*pair.change->new_facts) == 0)
      return;
    compare_effects(pair);
    compare_requests(pair);
    if (pair.change->new_facts->has_behaviour("gen_statem")) compare_state_functions(pair);
  }

  // code_change of both versions is the same code, the state has kept its shape, and nothing that
  // it calls elsewhere has changed.
  bool is_code_change_left_over(const Pair& pair) const {
    const ModuleChange& change = *pair.change;
    const auto before = facts::state_callback(*change.old_facts);
    const auto after = facts::state_callback(*change.new_facts);
    if (!before || !after || before->name != "code_change" || before->arity != after->arity)
      return false;
    if (after->name != before->name || change.state_change || change.new_facts->keeps_state)
      return false;
    if (before->arity == 4 && callback_mode(*pair.old_code) != callback_mode(*pair.new_code))
      return false;
    for (const FunctionFlow* function :
         reached_from(*pair.new_code, pair.new_code->find(after->name, after->arity))) {
      for (const FlowNode::Index call : function->calls) {
        const auto& module = function->nodes[call].module;
        if (module && (by_name_.contains(*module))) return false;
      }
    }
    return is_same_function(change, after->name, after->arity) && keeps_shape(pair);
  }

  static bool is_same_function(const ModuleChange& change, std::string_view name, unsigned arity) {
    return change.old_facts->module_source->function_identity(name, arity) ==
           change.new_facts->module_source->function_identity(name, arity);
  }

  // Whether the state surely has the shape that it had.
  static bool keeps_shape(const Pair& pair) {
    const unsigned position = facts::state_position(*pair.change->new_facts);
    const auto before = facts::state_shape(*pair.old_code, position);
    const auto after = facts::state_shape(*pair.new_code, position);
    return (before && before == after) || is_same_function(*pair.change, "init", 1);
  }

  // code_change of the new version, where it may do something; null elsewhere.
  static const FunctionFlow* working_code_change(const Pair& pair) {
    const ModuleChange& change = *pair.change;
    const auto callback = facts::state_callback(*change.new_facts);
    if (!callback || change.new_facts->keeps_state || change.has_leftover_code_change)
      return nullptr;
    return pair.new_code->find(callback->name, callback->arity);
  }

  // Whether code_change names the atom, or has others do its work.
  static Care care_for(const Pair& pair, Atom name) {
    const FunctionFlow* callback = working_code_change(pair);
    if (callback == nullptr) return Care::none;
    const auto reached = reached_from(*pair.new_code, callback);
    const bool may_know = std::any_of(reached.begin(), reached.end(), [&](const auto* function) {
      return mentions(*function, name) || !function->calls.empty() ||
             !sizes_of(name, facts::tuples_in(*function)).empty();
    });
    return may_know ? Care::by_code_change : Care::none;
  }

  // Also where it answers a state of its own choice.
  static Care care_for_state(const Pair& pair, Atom name) {
    const FunctionFlow* callback = working_code_change(pair);
    if (callback == nullptr) return Care::none;
    const bool chooses = std::any_of(
        callback->results.begin(), callback->results.end(), [&](const FlowNode::Index result) {
          const FlowNode& answer = callback->nodes[result];
          return answer.kind == FlowNode::Kind::tuple && answer.parts.size() == 3 &&
                 callback->nodes[answer.parts[1]].kind == FlowNode::Kind::term;
        });
    return chooses ? Care::by_code_change : care_for(pair, name);
  }

  void compare_kept(Pair& pair) const {
    const auto old_code = [this](Atom module) { return code_of(module, &Pair::old_code); };
    std::map<std::pair<Atom, std::size_t>, LiveDataChange> tuples;
    std::map<Atom, LiveDataChange> structures;
    std::set<std::string> funs;
    std::set<Store> fun_stores;
    for (const auto& [store, things] :
         facts::kept_data(*pair.change->old_facts, *pair.old_code, old_code)) {
      for (const HeldThing& thing : things) {
        if (thing.kind == HeldThing::Kind::tuple) {
          if (auto change = compare_tuple(pair, thing))
            tuples.try_emplace({thing.name, thing.size}, *change)
                .first->second.stores.insert(store);
        } else if (thing.kind == HeldThing::Kind::structure) {
          if (auto change = compare_structure(pair, thing))
            structures.try_emplace(thing.name, *change).first->second.stores.insert(store);
        } else if (store != Store::state && thing.maker == pair.change->name) {
          funs.insert(maker_of_fun(thing.name));
          fun_stores.insert(store);
        }
      }
    }
    auto& found = pair.change->live_data;
    for (auto& [name, change] : tuples)
      found.push_back(std::move(change));
    for (auto& [name, change] : structures)
      found.push_back(std::move(change));
    if (!funs.empty()) {
      LiveDataChange change{Kind::kept_fun};
      for (const std::string& fun : funs)
        change.subject += (change.subject.empty() ? "" : ", ") + fun;
      change.stores = fun_stores;
      found.push_back(std::move(change));
    }
  }

  const ValueFlow* code_of(Atom module, const ValueFlow* Pair::*version) const {
    const auto found = by_name_.find(module);
    return found == by_name_.end() ? nullptr : pairs_[found->second].*version;
  }

  std::optional<LiveDataChange> compare_tuple(const Pair& pair, const HeldThing& thing) const {
    if (is_common(thing.name) || is_state(pair, thing.name)) return std::nullopt;
    std::set<std::size_t> before = sizes_of(thing.name, pair.old_tuples);
    std::set<std::size_t> after = sizes_of(thing.name, pair.new_tuples);
    const auto maker = by_name_.find(thing.maker);
    const Pair& made_by = maker == by_name_.end() ? pair : pairs_[maker->second];
    before.merge(sizes_of(thing.name, made_by.old_tuples));
    after.merge(sizes_of(thing.name, made_by.new_tuples));
    const bool is_same = after.contains(thing.size);
    const std::size_t size_after = is_same || after.empty() ? thing.size : *after.begin();
    const auto old_fields = fields_of(*made_by.change->old_facts, thing.name, thing.size);
    const auto new_fields = fields_of(*made_by.change->new_facts, thing.name, size_after);
    if (is_same) {
      if (!old_fields || !new_fields || old_fields == new_fields) return std::nullopt;
    } else if (after.empty() || before.contains(size_after)) {
      return std::nullopt;
    }
    LiveDataChange change{Kind::kept_tuple};
    change.subject = thing.name.name();
    change.care = care_for(pair, thing.name);
    change.size_before = thing.size;
    change.size_after = size_after;
    if (old_fields && new_fields) {
      change.added = missing_in(*new_fields, *old_fields);
      change.removed = missing_in(*old_fields, *new_fields);
    }
    for (const Pair& other : pairs_) {
      if (other.new_tuples.contains({thing.name, size_after}))
        change.readers.push_back(other.change->name);
    }
    return change;
  }

  // Whether it is the state as a whole, whose change is told as such.
  static bool is_state(const Pair& pair, Atom name) {
    return pair.change->state_change && pair.change->state_change->before.name == name.name();
  }

  std::optional<LiveDataChange> compare_structure(const Pair& pair, const HeldThing& thing) const {
    const auto definer = by_name_.find(thing.name);
    if (definer == by_name_.end() || is_state(pair, thing.name)) return std::nullopt;
    const ModuleChange& definition = *pairs_[definer->second].change;
    const auto& before = definition.old_facts->structure;
    const auto& after = definition.new_facts->structure;
    if (!before || !after || before == after) return std::nullopt;
    LiveDataChange change{Kind::kept_structure};
    change.subject = thing.name.name();
    change.care = care_for(pair, thing.name);
    change.added = missing_in(*after, *before);
    change.removed = missing_in(*before, *after);
    for (const Pair& other : pairs_) {
      const bool is_other = !(other.change->name == thing.name);
      if (is_other && mentions(*other.new_code, thing.name))
        change.readers.push_back(other.change->name);
    }
    return change;
  }

  static void compare_effects(Pair& pair) {
    const facts::StartEffects before = facts::start_effects(*pair.old_code);
    facts::StartEffects after = facts::start_effects(*pair.new_code);
    facts::StartEffects done;
    const auto callback = facts::state_callback(*pair.change->new_facts);
    if (callback && working_code_change(pair) != nullptr)
      done = facts::effects_of(*pair.new_code, callback->name, callback->arity);
    for (const facts::StartEffect& effect : after) {
      if (before.contains(effect)) continue;
      const bool is_unclear = effect.subject.empty() &&
                              std::any_of(before.begin(), before.end(), [&](const auto& each) {
                                return each.kind == effect.kind;
                              });
      if (is_unclear) continue;
      LiveDataChange change{Kind::start_effect, Way::up};
      change.effect = effect;
      change.subject = effect.subject;
      const bool is_done = std::any_of(done.begin(), done.end(), [&](const auto& each) {
        return each.kind == effect.kind && (each.subject == effect.subject || each.subject.empty());
      });
      change.care = is_done ? Care::by_code_change : Care::none;
      pair.change->live_data.push_back(std::move(change));
    }
  }

  // What functions of the module send to its own processes.
  static std::set<std::string> sent_by(const ValueFlow& code, std::string_view how) {
    std::set<std::string> sent;
    for (const auto& [name, function] : code.functions) {
      for (const FlowNode::Index index : function.calls) {
        const FlowNode& call = function.nodes[index];
        const bool is_it = call.module && call.parts.size() >= 2 && *call.function == how &&
                           (*call.module == "gen_server" || *call.module == "Elixir.GenServer");
        if (!is_it) continue;
        const FlowNode& message = function.nodes[call.parts[1]];
        const Term::Elements* constant =
            message.kind == FlowNode::Kind::term ? message.value.as_tuple() : nullptr;
        std::optional<Atom> tag = facts::atom_of(message);
        std::size_t size = 0;
        if (message.kind == FlowNode::Kind::tuple && !message.parts.empty()) {
          tag = facts::atom_of(function.nodes[message.parts.front()]);
          size = message.parts.size();
        } else if (constant != nullptr && !constant->empty()) {
          const Atom* first = constant->front().as_atom();
          tag = first == nullptr ? std::nullopt : std::optional(*first);
          size = constant->size();
        }
        if (tag) sent.insert(request_text(*tag, size));
      }
    }
    return sent;
  }

  static std::string request_text(Atom tag, std::size_t size) {
    if (size == 0) return print_atom(tag.name());
    std::string text = "{" + print_atom(tag.name());
    for (std::size_t i = 1; i < size; ++i)
      text += ", _";
    return text + "}";
  }

  static std::set<std::string> taken_by(const FunctionFlow& callback) {
    std::set<std::string> taken;
    for (const TupleShape& tuple : callback.matched)
      taken.insert(request_text(tuple.tag, tuple.size));
    for (const Atom atom : callback.compared)
      taken.insert(request_text(atom, 0));
    return taken;
  }

  static void compare_requests(Pair& pair) {
    compare_requests(pair, "call", "handle_call", 3);
    compare_requests(pair, "cast", "handle_cast", 2);
  }

  static void compare_requests(Pair& pair, std::string_view how, std::string_view callback,
                               unsigned arity) {
    const FunctionFlow* before = pair.old_code->find(callback, arity);
    const FunctionFlow* after = pair.new_code->find(callback, arity);
    if (before == nullptr || after == nullptr || after->takes_anything) return;
    const std::set<std::string> was_taken = taken_by(*before);
    const std::set<std::string> is_taken = taken_by(*after);
    for (const std::string& request : sent_by(*pair.old_code, how)) {
      if (!was_taken.contains(request) || is_taken.contains(request)) continue;
      LiveDataChange change{Kind::request, Way::up};
      change.subject = std::string(how) + " " + request;
      pair.change->live_data.push_back(std::move(change));
    }
  }

  static void compare_state_functions(Pair& pair) {
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

  static void add_gone_functions(Pair& pair, const ValueFlow& code, const ModuleFacts& from,
                                 const ModuleFacts& to, Way way) {
    LiveDataChange change{Kind::state_function, way};
    for (const facts::FunctionName& each : from.exports) {
      const std::string& name = each.name.name();
      if (each.arity != 3 || name == "terminate" || name == "code_change") continue;
      if (to.exports_function(name, 3) || !mentions(code, each.name)) continue;
      const Care care = care_for_state(pair, each.name);
      if (change.subject.empty() || care == Care::none) change.care = care;
      change.subject += (change.subject.empty() ? "" : ", ") + print_atom(name);
    }
    if (!change.subject.empty()) pair.change->live_data.push_back(std::move(change));
  }

  // Whether the old code of a module starts processes of another one, by a call or as a child.
  static bool starts(const ModuleChange& starter, Atom module) {
    if (starter.children_change) {
      const auto& changed = starter.children_change->changed;
      if (std::any_of(changed.begin(), changed.end(),
                      [module](const auto& each) { return each.before.starter == module; }))
        return true;
    }
    if (!starter.old_facts || starter.name == module) return false;
    const auto& calls = starter.old_facts->imports;
    return std::any_of(calls.begin(), calls.end(), [module](const beam::Import& call) {
      return call.module == module && call.function.name().starts_with("start");
    });
  }

  // A module that goes while processes may have it as their callback module. Where a supervisor
  // lists its child no more, that is told of the supervisor.
  static void compare_callback_module(const ApplicationChange& application, ModuleChange& module) {
    const bool goes =
        module.status == ModuleStatus::removed && module.old_facts && application.is_in_both();
    if (!goes || facts::state_position(*module.old_facts) == 0) return;
    const auto lists = [&](const facts::Child& child) {
      return child.starter == module.name || child.id == Term(module.name) ||
             (child.modules && std::find(child.modules->begin(), child.modules->end(),
                                         module.name) != child.modules->end());
    };
    for (const ModuleChange& other : application.modules) {
      if (!other.children_change) continue;
      const auto& removed = other.children_change->removed;
      if (std::any_of(removed.begin(), removed.end(), lists)) return;
    }
    LiveDataChange change{Kind::process_module, Way::up};
    for (const ModuleChange& other : application.modules)
      if (starts(other, module.name)) change.readers.push_back(other.name);
    module.live_data.push_back(std::move(change));
  }

  std::vector<ApplicationChange>& applications_;
  std::vector<Pair> pairs_;
  std::map<Atom, std::size_t> by_name_;
};

}  // namespace

void compare_live_data(std::vector<ApplicationChange>& applications) {
  Comparison(applications).compare();
}

}  // namespace relup::diff
