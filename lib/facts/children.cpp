// SPDX-License-Identifier: Apache-2.0
//
// Erlang describes a child by a tuple or a map with an id. In Elixir a module, or {module,
// argument}, stands for what Module.child_spec/1 answers, whose id is the module unless it says
// otherwise; for the supervisors and the Registry of Elixir itself it is the name that they get.

#include "facts/children.hpp"

#include <algorithm>
#include <array>

#include "facts/value_search.hpp"

namespace relup::facts {
namespace {

using beam::Expression;
using Kind = Expression::Kind;
using Value = ValueSearch::Value;

constexpr std::size_t old_child_size = 6;  // {Id, StartFunc, Restart, Shutdown, Type, Modules}

bool is_call_of(const Expression& expression, std::string_view module, std::string_view name) {
  return expression.kind == Kind::call && expression.module == module && expression.name == name;
}

class ChildReader {
 public:
  explicit ChildReader(const beam::SourceCode& code) : search_(code) {}

  // The one list that `expression` evaluates to.
  std::optional<std::vector<Child>> read_list(const Expression& expression,
                                              const ValueSearch::Scope& scope) const {
    const auto value = only_value(expression, scope);
    if (!value) return std::nullopt;
    const Expression& list = *value->expression;
    if (!is_call_of(list, "erlang", "++") && list.kind != Kind::list) return std::nullopt;
    const bool is_sum = list.kind == Kind::call;
    std::vector<Child> children;
    for (const Expression& part : list.parts) {
      if (is_sum) {
        const auto some = read_list(part, value->scope);
        if (!some) return std::nullopt;
        children.insert(children.end(), some->begin(), some->end());
      } else {
        const auto child = read_child(part, value->scope);
        if (!child) return std::nullopt;
        children.push_back(*child);
      }
    }
    return children;
  }

  std::optional<Term> constant(const Expression& expression,
                               const ValueSearch::Scope& scope) const {
    const auto value = only_value(expression, scope);
    if (!value) return std::nullopt;
    if (value->expression->kind == Kind::literal) return value->expression->value;
    Term::Elements elements;
    for (const Expression& part : value->expression->parts) {
      auto element = constant(part, value->scope);
      if (!element) return std::nullopt;
      elements.push_back(std::move(*element));
    }
    switch (value->expression->kind) {
      case Kind::tuple:
        return Term::tuple(std::move(elements));
      case Kind::list:
        return Term::list(std::move(elements));
      case Kind::map:
        return map_of(elements);
      default:
        return std::nullopt;
    }
  }

  // The value of `key` in a literal list of pairs.
  std::optional<Term> option(const Expression& options, std::string_view key,
                             const ValueSearch::Scope& scope) const {
    const auto value = only_value(options, scope);
    if (!value || value->expression->kind != Kind::list) return std::nullopt;
    for (const Expression& pair : value->expression->parts) {
      const bool fits =
          pair.kind == Kind::tuple && pair.parts.size() == 2 && pair.parts[0].is_atom(key);
      if (fits) return constant(pair.parts[1], value->scope);
    }
    return std::nullopt;
  }

 private:
  std::optional<Value> only_value(const Expression& expression,
                                  const ValueSearch::Scope& scope) const {
    std::vector<Value> values = search_.values_of(expression, scope);
    if (values.size() != 1) return std::nullopt;
    return std::move(values.front());
  }

  static Term map_of(const Term::Elements& keys_and_values) {
    Term::Pairs pairs;
    for (std::size_t i = 0; i + 1 < keys_and_values.size(); i += 2)
      pairs.emplace_back(keys_and_values[i], keys_and_values[i + 1]);
    return Term::map(std::move(pairs));
  }

  std::optional<Child> read_child(const Expression& expression,
                                  const ValueSearch::Scope& scope) const {
    const auto value = only_value(expression, scope);
    if (!value) return std::nullopt;
    auto id = read_id(*value->expression, value->scope);
    if (!id) return std::nullopt;
    Child child{std::move(*id), constant(*value->expression, value->scope)};
    read_modules(*value, child);
    return child;
  }

  // Of #{id => Id, start => {M, F, A}, ...} and {Id, {M, F, A}, Restart, Shutdown, Type, Modules}.
  // A map that does not name its modules means the one that starts the child.
  void read_modules(const Value& specification, Child& child) const {
    const Expression& expression = *specification.expression;
    const Expression* start = nullptr;
    const Expression* modules = nullptr;
    if (expression.kind == Kind::map) {
      start = value_of_key(expression, "start");
      modules = value_of_key(expression, "modules");
    } else if (expression.kind == Kind::tuple && expression.parts.size() == old_child_size) {
      start = &expression.parts[1];
      modules = &expression.parts[5];
    }
    const auto call = start == nullptr ? std::nullopt : only_value(*start, specification.scope);
    const bool is_call =
        call && call->expression->kind == Kind::tuple && call->expression->parts.size() == 3;
    if (!is_call) return;
    const auto starter = constant(call->expression->parts[0], call->scope);
    if (!starter || starter->as_atom() == nullptr) return;
    child.starter = *starter->as_atom();
    if (modules == nullptr) {
      child.modules = {*child.starter};
    } else if (const auto listed = constant(*modules, specification.scope)) {
      child.modules = listed->atoms();
    }
  }

  static const Expression* value_of_key(const Expression& map, std::string_view name) {
    for (std::size_t i = 0; i < map.fields.size(); ++i) {
      if (map.fields[i] == name) return &map.parts[2 * i + 1];
    }
    return nullptr;
  }

  std::optional<Term> read_id(const Expression& child, const ValueSearch::Scope& scope) const {
    if (child.kind == Kind::literal && child.value.as_atom() != nullptr) return child.value;
    if (child.kind == Kind::map) return field(child, "id", scope);
    if (child.kind == Kind::tuple && child.parts.size() == old_child_size) {
      return constant(child.parts[0], scope);
    }
    if (child.kind == Kind::tuple && child.parts.size() == 2) {
      return id_by_module(child.parts[0], child.parts[1], scope);
    }
    if (is_call_of(child, "Elixir.Supervisor", "child_spec") && child.parts.size() == 2) {
      if (auto id = option(child.parts[1], "id", scope)) return id;
      return read_id(child.parts[0], scope);
    }
    return std::nullopt;
  }

  std::optional<Term> field(const Expression& map, std::string_view name,
                            const ValueSearch::Scope& scope) const {
    const Expression* value = value_of_key(map, name);
    return value == nullptr ? std::nullopt : constant(*value, scope);
  }

  // The id of {Module, Argument}.
  std::optional<Term> id_by_module(const Expression& module, const Expression& argument,
                                   const ValueSearch::Scope& scope) const {
    constexpr std::array<std::string_view, 4> named{"Elixir.Registry", "Elixir.DynamicSupervisor",
                                                    "Elixir.Task.Supervisor",
                                                    "Elixir.PartitionSupervisor"};
    auto name = constant(module, scope);
    if (!name || name->as_atom() == nullptr) return std::nullopt;
    if (std::find(named.begin(), named.end(), name->as_atom()->name()) == named.end()) return name;
    auto given = option(argument, "name", scope);
    return given ? given : name;
  }

  ValueSearch search_;
};

// A call somewhere in an expression, the first one for which `fits` holds.
template <typename Fits>
const Expression* find_call(const Expression& expression, Fits fits) {
  if (expression.kind == Kind::call && fits(expression)) return &expression;
  for (const Expression& part : expression.parts) {
    if (const Expression* found = find_call(part, fits)) return found;
  }
  return nullptr;
}

// The name in {local, Name}, or all of {global, Name} and {via, Module, Name}.
std::optional<Term> callable_name(const Term& name) {
  if (name.is_tagged("local", 2)) return (*name.as_tuple())[1];
  const bool is_callable =
      name.as_atom() != nullptr || name.is_tagged("global", 2) || name.is_tagged("via", 3);
  return is_callable ? std::optional(name) : std::nullopt;
}

bool starts_a_supervisor(const Expression& call) {
  return is_call_of(call, "supervisor", "start_link") ||
         is_call_of(call, "Elixir.Supervisor", "start_link") ||
         is_call_of(call, "Elixir.DynamicSupervisor", "start_link");
}

// `supervisor:start_link(Name, Module, Argument)`, or the option `name` of Elixir's.
std::optional<Term> name_in(const Expression& call, const ChildReader& reader) {
  if (call.parts.empty()) return std::nullopt;
  const auto name = call.module == "supervisor" && call.parts.size() == 3
                        ? reader.constant(call.parts.front(), {})
                        : reader.option(call.parts.back(), "name", {});
  return name ? callable_name(*name) : std::nullopt;
}

std::optional<Term> supervisor_name(const beam::SourceCode& code, const ChildReader& reader) {
  for (unsigned arity = 0; arity <= 3; ++arity) {
    const beam::SourceFunction* start = code.find("start_link", arity);
    if (start == nullptr) continue;
    for (const beam::Clause& clause : start->clauses) {
      const Expression* call = find_call(clause.body, starts_a_supervisor);
      if (call != nullptr) return name_in(*call, reader);
    }
  }
  return std::nullopt;
}

// Whether the flags are those of a simple_one_for_one supervisor: its one specification is a
// pattern that no child has the id of.
bool is_simple(const Expression& flags) {
  for (std::size_t i = 0; flags.kind == Kind::map && i < flags.fields.size(); ++i) {
    const bool is_strategy = flags.fields[i] == "strategy";
    if (is_strategy && flags.parts[2 * i + 1].is_atom("simple_one_for_one")) return true;
  }
  return flags.kind == Kind::tuple && !flags.parts.empty() &&
         flags.parts.front().is_atom("simple_one_for_one");
}

// Flags and children in what init/1 answers: {ok, {Flags, Children}}.
std::optional<Value> pair_in(const Value& result, const ValueSearch& search) {
  const Expression& answer = *result.expression;
  const bool is_ok =
      answer.kind == Kind::tuple && answer.parts.size() == 2 && answer.parts[0].is_atom("ok");
  if (!is_ok) return std::nullopt;
  const auto pairs = search.values_of(answer.parts[1], result.scope);
  const bool is_pair = pairs.size() == 1 && pairs.front().expression->kind == Kind::tuple &&
                       pairs.front().expression->parts.size() == 2;
  return is_pair ? std::optional(pairs.front()) : std::nullopt;
}

bool has_simple_flags(const Value& pair, const ValueSearch& search) {
  const auto flags = search.values_of(pair.expression->parts[0], pair.scope);
  return std::any_of(flags.begin(), flags.end(),
                     [](const Value& each) { return is_simple(*each.expression); });
}

// The expression of the children in what init/1 answers, also in Supervisor.init(Children,
// Options).
const Expression* children_in(const Value& result, const ValueSearch& search) {
  const Expression& answer = *result.expression;
  if (is_call_of(answer, "Elixir.Supervisor", "init") && !answer.parts.empty()) {
    return answer.parts.data();
  }
  const auto pair = pair_in(result, search);
  if (!pair || has_simple_flags(*pair, search)) return nullptr;
  return &pair->expression->parts[1];
}

std::optional<Children> children_of_init(const beam::SourceCode& code,
                                         const beam::SourceFunction& init) {
  const ValueSearch search(code);
  const std::vector<Value> results = search.results_of(init);
  if (results.size() != 1) return std::nullopt;
  const Expression* expression = children_in(results.front(), search);
  if (expression == nullptr) return std::nullopt;
  const ChildReader reader(code);
  auto list = reader.read_list(*expression, results.front().scope);
  if (!list) return std::nullopt;
  return Children{Children::Source::init, std::move(*list), supervisor_name(code, reader)};
}

// Supervisor.start_link(Children, Options) as the answer of start/2.
std::optional<Children> children_of_start(const beam::SourceCode& code,
                                          const beam::SourceFunction& start) {
  const std::vector<Value> results = ValueSearch(code).results_of(start);
  if (results.size() != 1) return std::nullopt;
  const auto& [call, scope] = results.front();
  if (!is_call_of(*call, "Elixir.Supervisor", "start_link") || call->parts.size() != 2) {
    return std::nullopt;
  }
  const ChildReader reader(code);
  auto list = reader.read_list(call->parts[0], scope);
  if (!list) return std::nullopt;
  return Children{Children::Source::application_start, std::move(*list),
                  reader.option(call->parts[1], "name", scope)};
}

}  // namespace

std::optional<Children> children_of(const beam::SourceCode& code) {
  if (const beam::SourceFunction* init = code.find("init", 1)) return children_of_init(code, *init);
  if (const beam::SourceFunction* start = code.find("start", 2)) {
    return children_of_start(code, *start);
  }
  return std::nullopt;
}

bool is_simple_supervisor(const beam::SourceCode& code) {
  const beam::SourceFunction* init = code.find("init", 1);
  if (init == nullptr) return false;
  const ValueSearch search(code);
  const std::vector<Value> results = search.results_of(*init);
  if (results.size() != 1) return false;
  const auto pair = pair_in(results.front(), search);
  return pair && has_simple_flags(*pair, search);
}

std::optional<ChildrenChange> compare_children(const Children& before, const Children& after) {
  const auto missing_in = [](const std::vector<Child>& some, const std::vector<Child>& others) {
    std::vector<Child> missing;
    for (const Child& child : some) {
      if (std::find(others.begin(), others.end(), child) == others.end()) missing.push_back(child);
    }
    return missing;
  };
  ChildrenChange change{after.source, missing_in(after.list, before.list),
                        missing_in(before.list, after.list), after.supervisor};
  if (before.supervisor != after.supervisor) change.supervisor.reset();
  const bool is_empty = change.added.empty() && change.removed.empty();
  return is_empty ? std::nullopt : std::optional(std::move(change));
}

}  // namespace relup::facts
