// SPDX-License-Identifier: Apache-2.0
//
// Erlang describes a child by a tuple or a map with an id. In Elixir a module, or {module,
// argument}, stands for what Module.child_spec/1 answers, whose id is the module unless it says
// otherwise; for the supervisors and the Registry of Elixir itself it is the name that they get.

#include "facts/child_reader.hpp"

#include <algorithm>
#include <array>

namespace relup::facts {
namespace {

using beam::Expression;
using Kind = Expression::Kind;

constexpr std::size_t old_child_size = 6;  // {Id, StartFunc, Restart, Shutdown, Type, Modules}

bool is_old_child(const Expression& child) {
  return child.kind == Kind::tuple && child.parts.size() == old_child_size;
}

bool is_pair(const Expression& expression) {
  return expression.kind == Kind::tuple && expression.parts.size() == 2;
}

// Supervisor.child_spec(Child, Options)
bool overrides(const Expression& expression) {
  return is_call_of(expression, "Elixir.Supervisor", "child_spec") && expression.parts.size() == 2;
}

}  // namespace

const Expression* value_of_key(const Expression& map, std::string_view name) {
  for (std::size_t i = 0; i < map.fields.size(); ++i) {
    if (map.fields[i] == name) return &map.parts[2 * i + 1];
  }
  return nullptr;
}

std::optional<std::vector<Child>> ChildReader::read_list(const Value& expression) const {
  const auto elements = evaluator_.elements_of(expression);
  if (!elements) return std::nullopt;
  std::vector<Child> children;
  for (const Value& element : *elements) {
    auto child = read_child(element);
    if (!child) return std::nullopt;
    children.push_back(std::move(*child));
  }
  return children;
}

std::optional<Term> ChildReader::option(const Value& options, std::string_view key) const {
  const auto list = evaluator_.only_value(options);
  if (!list || list->expression->kind != Kind::list) return std::nullopt;
  for (const Expression& pair : list->expression->parts) {
    if (is_pair(pair) && pair.parts[0].is_atom(key))
      return evaluator_.constant_of({&pair.parts[1], list->scope});
  }
  return std::nullopt;
}

std::optional<Child> ChildReader::read_child(const Value& expression) const {
  const auto specification = evaluator_.only_value(expression);
  if (!specification) return std::nullopt;
  auto id = read_id(*specification);
  if (!id) return std::nullopt;
  Child child{std::move(*id), evaluator_.constant_of(*specification)};
  read_parts(*specification, child);
  return child;
}

// Of #{id => Id, start => {M, F, A}, ...} and {Id, {M, F, A}, Restart, Shutdown, Type, Modules}. A
// map that does not name its modules means the one that starts the child.
void ChildReader::read_parts(const Value& specification, Child& child) const {
  const Expression& expression = *specification.expression;
  const Expression* start = nullptr;
  const Expression* modules = nullptr;
  if (overrides(expression)) return read_overridden(specification, child);
  if (expression.kind == Kind::map) {
    start = value_of_key(expression, "start");
    modules = value_of_key(expression, "modules");
  } else if (is_old_child(expression)) {
    start = &expression.parts[1];
    modules = &expression.parts[5];
  } else {
    child.start = child.specification;
    const Expression* module = is_pair(expression) ? expression.parts.data() : &expression;
    const auto name = evaluator_.constant_of({module, specification.scope});
    if (name && name->as_atom() != nullptr) child.describer = *name->as_atom();
  }
  if (start == nullptr) return;
  read_settings(specification, child);
  read_start({start, specification.scope}, child);
  if (!child.starter) return;
  if (modules == nullptr) {
    child.modules = {*child.starter};
  } else {
    read_modules({modules, specification.scope}, child);
  }
}

void ChildReader::read_modules(const Value& modules, Child& child) const {
  const auto listed = evaluator_.constant_of(modules);
  child.modules = listed ? listed->atoms() : std::nullopt;
  child.has_dynamic_modules = listed && listed->is_atom("dynamic");
}

// What the options of Supervisor.child_spec(Child, Options) say counts for more than the child.
void ChildReader::read_overridden(const Value& call, Child& child) const {
  const std::vector<Expression>& parts = call.expression->parts;
  const auto inner = evaluator_.only_value({parts.data(), call.scope});
  const auto options = evaluator_.only_value({&parts[1], call.scope});
  if (!inner || !options || options->expression->kind != Kind::list) return;
  read_parts(*inner, child);
  for (const Expression& pair : options->expression->parts) {
    if (!is_pair(pair)) continue;
    const Value value{&pair.parts[1], options->scope};
    if (!evaluator_.constant_of(value)) child.describer.reset();
    if (pair.parts[0].is_atom("modules")) read_modules(value, child);
    if (pair.parts[0].is_atom("start")) read_start(value, child);
    for (const char* name : {"restart", "shutdown", "type"}) {
      if (!pair.parts[0].is_atom(name)) continue;
      child.settings.erase(name);
      if (auto given = evaluator_.constant_of(value)) child.settings.emplace(name, *given);
    }
  }
}

// {M, F, A}, and its module.
void ChildReader::read_start(const Value& start, Child& child) const {
  const auto call = evaluator_.only_value(start);
  const bool is_call =
      call && call->expression->kind == Kind::tuple && call->expression->parts.size() == 3;
  if (!is_call) return;
  child.start = evaluator_.constant_of(*call);
  const auto starter = evaluator_.constant_of({call->expression->parts.data(), call->scope});
  if (starter && starter->as_atom() != nullptr) child.starter = *starter->as_atom();
  const auto function = evaluator_.constant_of({&call->expression->parts[1], call->scope});
  const auto arguments = evaluator_.elements_of({&call->expression->parts[2], call->scope});
  if (function && function->as_atom() != nullptr && arguments)
    child.start_function = {*function->as_atom(), arguments->size()};
}

void ChildReader::read_settings(const Value& specification, Child& child) const {
  constexpr std::array<const char*, 3> names{"restart", "shutdown", "type"};
  const Expression& expression = *specification.expression;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Expression* given = expression.kind == Kind::map ? value_of_key(expression, names[i])
                                                           : &expression.parts[2 + i];
    if (given == nullptr) continue;
    if (auto value = evaluator_.constant_of({given, specification.scope}))
      child.settings.emplace(names[i], std::move(*value));
  }
  if (expression.kind != Kind::map) return;
  const auto is_left_out = [&](const char* name) {
    return value_of_key(expression, name) == nullptr;
  };
  if (is_left_out("restart")) child.settings.emplace("restart", Term::atom("permanent"));
  if (is_left_out("type")) child.settings.emplace("type", Term::atom("worker"));
  const auto type = child.settings.find("type");
  if (!is_left_out("shutdown") || type == child.settings.end()) return;
  constexpr std::int64_t milliseconds = 5000;
  child.settings.emplace(
      "shutdown", type->second.is_atom("supervisor") ? Term::atom("infinity") : Term(milliseconds));
}

// Of Supervisor.child_spec(Child, Options) it is among the options, or else that of the child.
std::optional<Term> ChildReader::read_id(Value child) const {
  while (overrides(*child.expression)) {
    const std::vector<Expression>& parts = child.expression->parts;
    if (auto id = option({&parts[1], child.scope}, "id")) return id;
    const auto inner = evaluator_.only_value({parts.data(), child.scope});
    if (!inner) return std::nullopt;
    child = *inner;
  }
  return id_of_specification(child);
}

std::optional<Term> ChildReader::id_of_specification(const Value& child) const {
  const Expression& expression = *child.expression;
  if (expression.kind == Kind::literal && expression.value.as_atom() != nullptr) {
    return expression.value;
  }
  if (expression.kind == Kind::map) {
    const Expression* id = value_of_key(expression, "id");
    return id == nullptr ? std::nullopt : evaluator_.constant_of({id, child.scope});
  }
  if (is_old_child(expression)) {
    return evaluator_.constant_of({expression.parts.data(), child.scope});
  }
  return is_pair(expression) ? id_by_module(child) : std::nullopt;
}

// The id of {Module, Argument}.
std::optional<Term> ChildReader::id_by_module(const Value& pair) const {
  constexpr std::array<std::string_view, 4> named{"Elixir.Registry", "Elixir.DynamicSupervisor",
                                                  "Elixir.Task.Supervisor",
                                                  "Elixir.PartitionSupervisor"};
  const std::vector<Expression>& parts = pair.expression->parts;
  auto name = evaluator_.constant_of({parts.data(), pair.scope});
  if (!name || name->as_atom() == nullptr) return std::nullopt;
  if (std::find(named.begin(), named.end(), name->as_atom()->name()) == named.end()) return name;
  auto given = option({&parts[1], pair.scope}, "name");
  return given ? given : name;
}

}  // namespace relup::facts
