// SPDX-License-Identifier: Apache-2.0
#include "facts/named_functions.hpp"

#include <array>
#include <set>

#include "facts/value_search.hpp"
#include "term/printer.hpp"

namespace relup::facts {
namespace {

using beam::FlowNode;
using beam::FunctionFlow;
using beam::ValueFlow;
using By = NamedFunction::By;

// A function that takes a module, a function and a list of arguments, one after the other.
struct Naming {
  std::string_view module;
  std::string_view function;
  std::size_t arity;
  std::size_t first;  // the argument that is the module
  By by;
};

constexpr auto naming_functions = std::to_array<Naming>({
    {"timer", "apply_after", 4, 1, By::timer},
    {"timer", "apply_interval", 4, 1, By::timer},
    {"timer", "apply_repeatedly", 4, 1, By::timer},
    {"erlang", "hibernate", 3, 0, By::hibernation},
    {"proc_lib", "hibernate", 3, 0, By::hibernation},
    {"erlang", "spawn", 3, 0, By::spawn},
    {"erlang", "spawn_link", 3, 0, By::spawn},
    {"erlang", "spawn_monitor", 3, 0, By::spawn},
    {"erlang", "spawn_opt", 4, 0, By::spawn},
    {"proc_lib", "spawn", 3, 0, By::spawn},
    {"proc_lib", "spawn_link", 3, 0, By::spawn},
    {"proc_lib", "spawn_opt", 4, 0, By::spawn},
    {"proc_lib", "start", 3, 0, By::spawn},
    {"proc_lib", "start_link", 3, 0, By::spawn},
    {"Elixir.Task", "async", 3, 0, By::spawn},
    {"Elixir.Task", "start", 3, 0, By::spawn},
    {"Elixir.Task", "start_link", 3, 0, By::spawn},
});

std::optional<ExternalFun> fun_in(const FlowNode& node) {
  return node.kind == FlowNode::Kind::term ? external_fun(node.value) : std::nullopt;
}

bool is_timer_of_fun(const FlowNode& call) {
  return *call.module == "timer" && (call.parts.size() == 2 || call.parts.size() == 3) &&
         call.function->name().starts_with("apply_");
}

// Whether the function calls itself by the name of its module, directly or by others of the module.
bool comes_back(const ValueFlow& code, const FunctionFlow& start) {
  std::set<const FunctionFlow*> seen;
  std::vector<const FunctionFlow*> open{&start};
  while (!open.empty()) {
    const FunctionFlow* function = open.back();
    open.pop_back();
    if (function == nullptr || !seen.insert(function).second) continue;
    for (const FlowNode::Index index : function->calls) {
      const FlowNode& call = function->nodes[index];
      const std::size_t arity = call.parts.size();
      if (!call.module) open.push_back(code.find(*call.function, arity));
      if (call.module == code.module && call.function == start.name && arity == start.arity)
        return true;
    }
  }
  return false;
}

class Collection {
 public:
  explicit Collection(const ValueFlow& code) : code_(code) {}

  std::vector<NamedFunction> collect() {
    const std::set<FunctionName> called = called_by_name();
    for (const auto& [name, function] : code_.functions) {
      for (const FlowNode::Index call : function.calls)
        if (function.nodes[call].module) take(function, function.nodes[call]);
      if (called.contains({function.name, function.arity}) && comes_back(code_, function))
        found_.push_back({By::loop,
                          code_.module,
                          function.name,
                          function.arity,
                          {function.name, function.arity}});
    }
    return std::move(found_);
  }

 private:
  // The functions that the module calls as those of a module.
  std::set<FunctionName> called_by_name() const {
    std::set<FunctionName> called;
    for (const auto& [name, function] : code_.functions) {
      for (const FlowNode::Index index : function.calls) {
        const FlowNode& call = function.nodes[index];
        if (call.module == code_.module)
          called.insert({*call.function, static_cast<unsigned>(call.parts.size())});
      }
    }
    return called;
  }

  void take(const FunctionFlow& function, const FlowNode& call) {
    const std::string text = print_function(call.module->name(), call.function->name(),
                                            static_cast<unsigned>(call.parts.size()));
    const FunctionName place{function.name, function.arity};
    if (is_timer_of_fun(call)) {
      if (const auto fun = fun_in(function.nodes[call.parts[1]]))
        found_.push_back({By::timer, fun->module, fun->function, fun->arity, place, text});
    }
    for (const Naming& each : naming_functions) {
      const bool is_it = call.parts.size() == each.arity && *call.function == each.function &&
                         *call.module == each.module;
      if (!is_it) continue;
      const auto module = atom_of(function.nodes[call.parts[each.first]]);
      const auto named = atom_of(function.nodes[call.parts[each.first + 1]]);
      const auto arity = length_of(function, call.parts[each.first + 2]);
      if (module && named) found_.push_back({each.by, *module, *named, arity, place, text});
    }
  }

  const ValueFlow& code_;
  std::vector<NamedFunction> found_;
};

}  // namespace

std::vector<NamedFunction> named_functions(const ValueFlow& code) {
  return Collection(code).collect();
}

}  // namespace relup::facts
