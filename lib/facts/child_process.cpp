// SPDX-License-Identifier: Apache-2.0
//
// A start function hands back what it got from the start function of a behaviour, as it is or as
// {ok, Pid}. So its results lead to a call of a behaviour, maybe by way of other start functions.

#include "facts/child_process.hpp"

#include <algorithm>
#include <array>

#include "facts/value_search.hpp"

namespace relup::facts {
namespace {

using beam::FlowNode;
using beam::ValueFlow;
using Kind = ChildProcess::Kind;

constexpr std::size_t no_callback = 9;
constexpr unsigned most_steps = 4;

struct KnownStart {
  std::string_view module;
  std::size_t arity;
  std::size_t callback;  // which argument is the callback module
  Kind kind;
};

// Of start_link.
constexpr auto known_starts = std::to_array<KnownStart>({
    {"supervisor", 2, 0, Kind::supervisor},
    {"supervisor", 3, 1, Kind::supervisor},
    {"Elixir.Supervisor", 2, no_callback, Kind::supervisor},
    {"Elixir.Supervisor", 3, 0, Kind::supervisor},
    {"Elixir.DynamicSupervisor", 1, no_callback, Kind::supervisor},
    {"Elixir.DynamicSupervisor", 3, 0, Kind::supervisor},
    {"Elixir.Task.Supervisor", 0, no_callback, Kind::supervisor},
    {"Elixir.Task.Supervisor", 1, no_callback, Kind::supervisor},
    {"Elixir.Registry", 1, no_callback, Kind::supervisor},
    {"Elixir.PartitionSupervisor", 1, no_callback, Kind::supervisor},
    {"gen_event", 0, no_callback, Kind::event_manager},
    {"gen_event", 1, no_callback, Kind::event_manager},
    {"gen_event", 2, no_callback, Kind::event_manager},
    {"gen_server", 3, 0, Kind::server},
    {"gen_server", 4, 1, Kind::server},
    {"gen_statem", 3, 0, Kind::server},
    {"gen_statem", 4, 1, Kind::server},
    {"Elixir.GenServer", 2, 0, Kind::server},
    {"Elixir.GenServer", 3, 0, Kind::server},
    {"Elixir.Agent", 1, no_callback, Kind::server},
    {"Elixir.Agent", 2, no_callback, Kind::server},
});

const KnownStart* find_known(Atom module, Atom function, std::size_t arity) {
  if (function != "start_link") return nullptr;
  const auto known = std::find_if(
      known_starts.begin(), known_starts.end(),
      [&](const KnownStart& each) { return module == each.module && arity == each.arity; });
  return known == known_starts.end() ? nullptr : known;
}

class Search {
 public:
  explicit Search(const FindFlow& find) : find_(find), values_(find) {}

  std::optional<ChildProcess> of_function(Atom module, Atom function, std::size_t arity,
                                          unsigned steps) {
    const ValueFlow* code = steps > most_steps ? nullptr : find_(module);
    const beam::FunctionFlow* flow = code == nullptr ? nullptr : code->find(function, arity);
    if (flow == nullptr || !code->is_whole) return std::nullopt;
    std::optional<ChildProcess> found;
    for (const FlowNode::Index result : flow->results) {
      for (const ValueSearch::Value& value :
           values_.values_of(values_.value_of(*code, *flow, result))) {
        if (starts_nobody(value)) continue;
        const auto one = of_result(value, steps);
        if (!one || (found && *found != *one)) return std::nullopt;
        found = one;
      }
    }
    return found;
  }

 private:
  using Value = ValueSearch::Value;

  Value part_of(const Value& value, std::size_t index) {
    return {value.frame, (*value).parts[index]};
  }

  std::optional<Atom> only_atom(const Value& value) {
    const auto values = values_.values_of(value);
    return values.size() == 1 ? atom_of(*values.front()) : std::nullopt;
  }

  // `ignore`, {error, Reason}
  bool starts_nobody(const Value& result) {
    const FlowNode& node = *result;
    if (node.kind == FlowNode::Kind::term) return true;
    if (node.kind != FlowNode::Kind::tuple || node.parts.empty()) return false;
    return only_atom(part_of(result, 0)) == Atom("error");
  }

  std::optional<ChildProcess> of_result(const Value& result, unsigned steps) {
    const FlowNode& node = *result;
    if (node.kind == FlowNode::Kind::call && node.module) return of_call(result, steps);
    // {ok, Pid}, where Pid is from the {ok, Pid} of a call.
    if (node.kind != FlowNode::Kind::tuple || node.parts.size() != 2) return std::nullopt;
    const Value pid = part_of(result, 1);
    if ((*pid).kind != FlowNode::Kind::element) return std::nullopt;
    const auto calls = values_.values_of(part_of(pid, 0));
    const bool is_call = calls.size() == 1 && (*calls.front()).kind == FlowNode::Kind::call;
    return is_call && (*calls.front()).module ? of_call(calls.front(), steps) : std::nullopt;
  }

  std::optional<ChildProcess> of_call(const Value& call, unsigned steps) {
    const FlowNode& node = *call;
    const KnownStart* known = find_known(*node.module, *node.function, node.parts.size());
    if (known == nullptr)
      return of_function(*node.module, *node.function, node.parts.size(), steps + 1);
    if (known->callback == no_callback) return ChildProcess{known->kind};
    return ChildProcess{known->kind, only_atom(part_of(call, known->callback))};
  }

  const FindFlow& find_;
  ValueSearch values_;
};

}  // namespace

std::optional<ChildProcess> process_started_by(const FindFlow& find, Atom module, Atom function,
                                               std::size_t arity) {
  if (const KnownStart* known = find_known(module, function, arity))
    return ChildProcess{known->kind};
  return Search(find).of_function(module, function, arity, 0);
}

bool may_take(const ValueFlow& code, std::string_view message) {
  const Atom name(message);
  return std::any_of(code.functions.begin(), code.functions.end(), [&](const auto& each) {
    const beam::FunctionFlow& function = each.second;
    const auto tagged = function.matched.lower_bound({name, 0});
    return function.compared.contains(name) ||
           (tagged != function.matched.end() && tagged->tag == name);
  });
}

}  // namespace relup::facts
