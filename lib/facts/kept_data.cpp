// SPDX-License-Identifier: Apache-2.0
//
// A state is what a callback returns in the place that its behaviour gives to it; a store is what a
// call of its library is given.

#include "facts/kept_data.hpp"

#include <algorithm>
#include <array>

namespace relup::facts {
namespace {

using beam::FlowNode;
using beam::FunctionFlow;
using beam::ValueFlow;
using Kind = FlowNode::Kind;
using Value = ValueSearch::Value;

// A function that stores one of its arguments.
struct Storing {
  std::string_view module;
  std::string_view function;
  std::size_t arity;
  std::size_t argument;
  Store store;
};

constexpr auto storing_functions = std::to_array<Storing>({
    {"ets", "insert", 2, 1, Store::ets},
    {"ets", "insert_new", 2, 1, Store::ets},
    {"ets", "update_element", 3, 2, Store::ets},
    {"dets", "insert", 2, 1, Store::dets},
    {"dets", "insert_new", 2, 1, Store::dets},
    {"mnesia", "write", 1, 0, Store::mnesia},
    {"mnesia", "write", 3, 1, Store::mnesia},
    {"mnesia", "dirty_write", 1, 0, Store::mnesia},
    {"mnesia", "dirty_write", 2, 1, Store::mnesia},
    {"persistent_term", "put", 2, 1, Store::persistent_term},
    {"erlang", "put", 2, 1, Store::process_dictionary},
    {"Elixir.Process", "put", 2, 1, Store::process_dictionary},
    {"application", "set_env", 3, 2, Store::environment},
    {"application", "set_env", 4, 2, Store::environment},
    {"Elixir.Application", "put_env", 3, 2, Store::environment},
    {"timer", "apply_after", 4, 3, Store::timer},
    {"timer", "apply_after", 2, 1, Store::timer},
    {"timer", "apply_interval", 4, 3, Store::timer},
    {"timer", "apply_interval", 2, 1, Store::timer},
    {"timer", "apply_repeatedly", 4, 3, Store::timer},
    {"logger", "add_primary_filter", 2, 1, Store::logger},
    {"logger", "add_handler", 3, 2, Store::logger},
    {"logger", "add_handler_filter", 3, 2, Store::logger},
    {"telemetry", "attach", 4, 2, Store::telemetry},
    {"telemetry", "attach_many", 4, 2, Store::telemetry},
});

// Those that store what a fun answers.
constexpr auto agent_functions = std::to_array<std::pair<std::string_view, std::size_t>>({
    {"start_link", 0},
    {"start", 0},
    {"update", 1},
    {"cast", 1},
});

bool is_named(const FunctionFlow& function, std::string_view name, unsigned arity) {
  return function.name == name && function.arity == arity;
}

bool is_state_function(const ModuleFacts& facts, const FunctionFlow& function) {
  return function.arity == 3 && facts.has_behaviour("gen_statem") &&
         facts.exports_function(function.name.name(), 3);
}

bool is_callback(const ModuleFacts& facts, const FunctionFlow& function) {
  return is_named(function, "init", 1) || is_named(function, "handle_call", 3) ||
         is_named(function, "handle_cast", 2) || is_named(function, "handle_info", 2) ||
         is_named(function, "handle_continue", 2) || is_named(function, "handle_event", 2) ||
         is_named(function, "handle_call", 2) || is_named(function, "handle_event", 4) ||
         is_named(function, "init_it", 1) || is_state_function(facts, function);
}

std::size_t place_of_state(const ModuleFacts& facts, std::string_view answer, std::size_t size) {
  const bool is_statem = state_position(facts) == 2;
  if (answer == "ok") return is_statem ? 2 : size == 3 && facts.has_behaviour("gen_event") ? 2 : 1;
  if (answer == "noreply" || answer == "keep_state" || answer == "repeat_state") return 1;
  if (answer == "reply" || answer == "next_state") return 2;
  return 0;
}

class Collection {
 public:
  Collection(const ModuleFacts& facts, const ValueFlow& code, const ValueSearch::FindModule& find)
      : facts_(facts), code_(code), search_(find) {}

  KeptData collect(Kept kept) {
    const bool has_state = kept == Kept::anywhere && state_position(facts_) > 0;
    for (const auto& [name, function] : code_.functions) {
      if (has_state && is_callback(facts_, function)) take_states(function);
      for (const FlowNode::Index call : function.calls)
        take_call(function, call);
    }
    for (const auto& [store, values] : values_)
      kept_[store].merge(search_.held_by(values));
    std::erase_if(kept_, [](const auto& each) { return each.second.empty(); });
    return std::move(kept_);
  }

 private:
  void take_states(const FunctionFlow& function) {
    for (const FlowNode::Index result : function.results) {
      for (const Value& answer : search_.values_of(search_.value_of(code_, function, result)))
        take_state(answer);
    }
  }

  void take_state(const Value& answer) {
    const FlowNode& node = *answer;
    if (node.kind == Kind::term) return take_constant(node.value);
    if (node.kind != Kind::tuple || node.parts.empty()) return;
    const auto tag = atom_of(answer.frame->function->nodes[node.parts.front()]);
    const std::size_t place =
        tag ? place_of_state(facts_, tag->name(), node.parts.size()) : std::size_t{0};
    if (place > 0 && place < node.parts.size())
      values_[Store::state].push_back({answer.frame, node.parts[place]});
  }

  void take_constant(const Term& answer) {
    const Term::Elements* parts = answer.as_tuple();
    const Atom* tag = parts == nullptr || parts->empty() ? nullptr : parts->front().as_atom();
    if (tag == nullptr) return;
    const std::size_t place = place_of_state(facts_, tag->name(), parts->size());
    if (place > 0 && place < parts->size())
      add_held((*parts)[place], code_.module, kept_[Store::state]);
  }

  void take_call(const FunctionFlow& function, FlowNode::Index index) {
    const FlowNode& call = function.nodes[index];
    if (!call.module) return;
    for (const Storing& each : storing_functions) {
      const bool is_it = call.parts.size() == each.arity && *call.function == each.function &&
                         *call.module == each.module;
      if (is_it)
        values_[each.store].push_back(search_.value_of(code_, function, call.parts[each.argument]));
    }
    if (*call.module == "Elixir.Agent") take_agent(function, call);
  }

  void take_agent(const FunctionFlow& function, const FlowNode& call) {
    for (const auto& [name, place] : agent_functions) {
      if (!(*call.function == name) || place >= call.parts.size()) continue;
      const FlowNode& fun = function.nodes[call.parts[place]];
      if (fun.kind != Kind::fun) continue;
      const FunctionFlow* made = code_.find(*fun.function, fun.number + fun.parts.size());
      if (made == nullptr) continue;
      for (const FlowNode::Index result : made->results)
        values_[Store::agent].push_back(search_.value_of(code_, *made, result));
    }
  }

  const ModuleFacts& facts_;
  const ValueFlow& code_;
  ValueSearch search_;
  std::map<Store, std::vector<Value>> values_;
  KeptData kept_;
};

}  // namespace

std::string_view describe(Store store) {
  switch (store) {
    case Store::state:
      return "its state";
    case Store::ets:
      return "an ETS table";
    case Store::dets:
      return "a DETS table";
    case Store::mnesia:
      return "a Mnesia table";
    case Store::persistent_term:
      return "persistent_term";
    case Store::process_dictionary:
      return "a process dictionary";
    case Store::environment:
      return "an application's environment";
    case Store::agent:
      return "an Agent";
    case Store::timer:
      return "a timer";
    case Store::logger:
      return "the logger";
    case Store::telemetry:
      break;
  }
  return "telemetry";
}

bool keeps_elsewhere(const ModuleFacts& facts) {
  return std::any_of(facts.imports.begin(), facts.imports.end(), [](const beam::Import& import) {
    if (import.module == "Elixir.Agent") return true;
    return std::any_of(storing_functions.begin(), storing_functions.end(), [&](const auto& each) {
      return import.module == each.module && import.function == each.function &&
             import.arity == each.arity;
    });
  });
}

KeptData kept_data(const ModuleFacts& facts, const ValueFlow& code,
                   const ValueSearch::FindModule& find, Kept kept) {
  return Collection(facts, code, find).collect(kept);
}

}  // namespace relup::facts
