// SPDX-License-Identifier: Apache-2.0
#include "facts/start_effects.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "term/printer.hpp"

namespace relup::facts {
namespace {

using beam::FlowNode;
using beam::FunctionFlow;
using beam::ValueFlow;
using Kind = StartEffect::Kind;

struct KnownEffect {
  std::string_view module;
  std::string_view function;
  std::size_t arity;
  std::size_t subject;  // which argument says what it is of
  Kind kind;
};

constexpr auto known_effects = std::to_array<KnownEffect>({
    {"ets", "new", 2, 0, Kind::table},
    {"dets", "open_file", 2, 0, Kind::table},
    {"erlang", "register", 2, 0, Kind::name},
    {"Elixir.Process", "register", 2, 1, Kind::name},
    {"global", "register_name", 2, 0, Kind::name},
    {"global", "register_name", 3, 0, Kind::name},
    {"gproc", "reg", 1, 0, Kind::name},
    {"gproc", "reg", 2, 0, Kind::name},
    {"Elixir.Registry", "register", 3, 1, Kind::name},
    {"pg", "join", 2, 0, Kind::group},
    {"pg", "join", 3, 1, Kind::group},
    {"pg2", "join", 2, 0, Kind::group},
    {"erlang", "process_flag", 2, 0, Kind::flag},
    {"Elixir.Process", "flag", 2, 0, Kind::flag},
    {"net_kernel", "monitor_nodes", 1, 0, Kind::subscription},
    {"net_kernel", "monitor_nodes", 2, 0, Kind::subscription},
    {"mnesia", "subscribe", 1, 0, Kind::subscription},
    {"erlang", "monitor", 2, 1, Kind::subscription},
    {"Elixir.Phoenix.PubSub", "subscribe", 2, 1, Kind::subscription},
    {"Elixir.Phoenix.PubSub", "subscribe", 3, 1, Kind::subscription},
    {"gen_event", "add_handler", 3, 0, Kind::handler},
    {"gen_event", "add_sup_handler", 3, 0, Kind::handler},
    {"logger", "add_handler", 3, 0, Kind::handler},
    {"telemetry", "attach", 4, 0, Kind::handler},
    {"telemetry", "attach_many", 4, 0, Kind::handler},
    {"erlang", "send_after", 3, 2, Kind::timer},
    {"erlang", "start_timer", 3, 2, Kind::timer},
    {"timer", "send_interval", 2, 1, Kind::timer},
    {"timer", "send_interval", 3, 2, Kind::timer},
    {"timer", "send_after", 2, 1, Kind::timer},
    {"timer", "send_after", 3, 2, Kind::timer},
    {"Elixir.Process", "send_after", 3, 1, Kind::timer},
    {"Elixir.Process", "send_after", 4, 1, Kind::timer},
    {"gen_tcp", "listen", 2, 0, Kind::socket},
    {"gen_udp", "open", 1, 0, Kind::socket},
    {"gen_udp", "open", 2, 0, Kind::socket},
    {"ssl", "listen", 2, 0, Kind::socket},
});

// What a value is, as far as the code says; empty where that is not one thing.
std::string text_of(const FunctionFlow& function, FlowNode::Index index, unsigned depth = 0) {
  const FlowNode& node = function.nodes[index];
  if (node.kind == FlowNode::Kind::term) return print(node.value);
  if (node.kind != FlowNode::Kind::tuple || depth > 3) return "";
  std::string text = "{";
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    const std::string part = text_of(function, node.parts[i], depth + 1);
    text += (i == 0 ? "" : ",") + (part.empty() ? "_" : part);
  }
  return text + "}";
}

void add_effects(const FunctionFlow& function, StartEffects& effects) {
  for (const FlowNode::Index index : function.calls) {
    const FlowNode& call = function.nodes[index];
    if (!call.module) continue;
    for (const KnownEffect& known : known_effects) {
      const bool is_it = call.parts.size() == known.arity && *call.function == known.function &&
                         *call.module == known.module;
      if (!is_it) continue;
      effects.insert({known.kind,
                      print_function(call.module->name(), call.function->name(),
                                     static_cast<unsigned>(known.arity)),
                      text_of(function, call.parts[known.subject])});
    }
  }
}

bool starts_process(const FlowNode& call) {
  constexpr auto behaviours = std::to_array<std::string_view>(
      {"gen_server", "gen_statem", "gen_event", "Elixir.GenServer", "Elixir.Agent"});
  return call.module && !call.parts.empty() &&
         std::any_of(behaviours.begin(), behaviours.end(),
                     [&](auto each) { return *call.module == each; }) &&
         (*call.function == "start_link" || *call.function == "start" ||
          *call.function == "start_monitor");
}

// start_link({local, Name}, Module, ...)
std::string given_name(const FunctionFlow& function, const FlowNode& call) {
  std::string given = text_of(function, call.parts.front());
  if (given.starts_with("{local,")) return given.substr(7, given.size() - 8);
  return given.starts_with("{global,") || given.starts_with("{via,") ? given : "";
}

// The names that the start functions of the behaviours give to a process.
void add_given_names(const ValueFlow& code, StartEffects& effects) {
  for (const auto& [function_name, function] : code.functions) {
    for (const FlowNode::Index index : function.calls) {
      const FlowNode& call = function.nodes[index];
      if (!starts_process(call)) continue;
      const std::string by = print_function(call.module->name(), call.function->name(),
                                            static_cast<unsigned>(call.parts.size()));
      if (call.module->name().starts_with("Elixir.")) {
        for (const Term& name : names_in_options(function.nodes[call.parts.back()]))
          effects.insert({Kind::name, by, print(name)});
      } else if (const std::string name = given_name(function, call); !name.empty()) {
        effects.insert({Kind::name, by, name});
      }
    }
  }
}

}  // namespace

std::vector<Term> names_in_options(const FlowNode& options) {
  const Term::Elements* list =
      options.kind == FlowNode::Kind::term ? options.value.as_list() : nullptr;
  std::vector<Term> names;
  if (list == nullptr) return names;
  for (const Term& option : *list) {
    if (option.is_tagged("name", 2)) names.push_back((*option.as_tuple())[1]);
  }
  return names;
}

StartEffects effects_of(const ValueFlow& code, std::string_view function, unsigned arity) {
  StartEffects effects;
  for (const FunctionFlow* each : reached_from(code, code.find(function, arity)))
    add_effects(*each, effects);
  return effects;
}

StartEffects start_effects(const ValueFlow& code) {
  StartEffects effects = effects_of(code, "init", 1);
  effects.merge(effects_of(code, "handle_continue", 2));
  add_given_names(code, effects);
  return effects;
}

std::string describe(const StartEffect& effect) {
  const std::string of = effect.subject.empty() ? "" : " " + effect.subject;
  switch (effect.kind) {
    case Kind::name:
      return "takes the name" + of;
    case Kind::table:
      return "makes the table" + of;
    case Kind::group:
      return "joins the group" + of;
    case Kind::flag:
      return "sets the flag" + of;
    case Kind::subscription:
      return "subscribes to" + (of.empty() ? " events" : of);
    case Kind::handler:
      return "adds the handler" + of;
    case Kind::timer:
      return "starts a timer with the message" + of;
    case Kind::socket:
      break;
  }
  return "opens a socket";
}

}  // namespace relup::facts
