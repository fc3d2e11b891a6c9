// SPDX-License-Identifier: Apache-2.0
//
// Erlang describes a child by a tuple or a map with an id. In Elixir a module, or {module,
// argument}, stands for what Module.child_spec/1 answers, whose id is the module unless it says
// otherwise; for the supervisors and the Registry of Elixir itself it is the name that they get.

#include "facts/children.hpp"

#include <algorithm>
#include <array>

#include "facts/evaluator.hpp"

namespace relup::facts {
namespace {

using beam::Expression;
using Kind = Expression::Kind;
using Value = Evaluator::Value;

constexpr std::size_t old_child_size = 6;  // {Id, StartFunc, Restart, Shutdown, Type, Modules}

const Expression* value_of_key(const Expression& map, std::string_view name) {
  for (std::size_t i = 0; i < map.fields.size(); ++i) {
    if (map.fields[i] == name) return &map.parts[2 * i + 1];
  }
  return nullptr;
}

class ChildReader {
 public:
  explicit ChildReader(Evaluator& evaluator) : evaluator_(evaluator) {}

  // The children in the one list that `expression` evaluates to.
  std::optional<std::vector<Child>> read_list(const Value& expression) const {
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

  // The value of `key` in a literal list of pairs.
  std::optional<Term> option(const Value& options, std::string_view key) const {
    const auto list = evaluator_.only_value(options);
    if (!list || list->expression->kind != Kind::list) return std::nullopt;
    for (const Expression& pair : list->expression->parts) {
      const bool fits =
          pair.kind == Kind::tuple && pair.parts.size() == 2 && pair.parts[0].is_atom(key);
      if (fits) return evaluator_.constant_of({&pair.parts[1], list->scope});
    }
    return std::nullopt;
  }

 private:
  std::optional<Child> read_child(const Value& expression) const {
    const auto specification = evaluator_.only_value(expression);
    if (!specification) return std::nullopt;
    auto id = read_id(*specification);
    if (!id) return std::nullopt;
    Child child{std::move(*id), evaluator_.constant_of(*specification)};
    read_modules(*specification, child);
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
    } else if (is_old_child(expression)) {
      start = &expression.parts[1];
      modules = &expression.parts[5];
    }
    child.starter = start == nullptr ? std::nullopt : read_starter({start, specification.scope});
    if (!child.starter) return;
    if (modules == nullptr) {
      child.modules = {*child.starter};
    } else if (const auto listed = evaluator_.constant_of({modules, specification.scope})) {
      child.modules = listed->atoms();
    }
  }

  // The module of {M, F, A}.
  std::optional<Atom> read_starter(const Value& start) const {
    const auto call = evaluator_.only_value(start);
    const bool is_call =
        call && call->expression->kind == Kind::tuple && call->expression->parts.size() == 3;
    if (!is_call) return std::nullopt;
    const auto starter = evaluator_.constant_of({call->expression->parts.data(), call->scope});
    if (!starter || starter->as_atom() == nullptr) return std::nullopt;
    return *starter->as_atom();
  }

  static bool is_old_child(const Expression& child) {
    return child.kind == Kind::tuple && child.parts.size() == old_child_size;
  }

  // Of Supervisor.child_spec(Child, Options) it is among the options, or else that of the child.
  std::optional<Term> read_id(Value child) const {
    while (is_call_of(*child.expression, "Elixir.Supervisor", "child_spec") &&
           child.expression->parts.size() == 2) {
      const std::vector<Expression>& parts = child.expression->parts;
      if (auto id = option({&parts[1], child.scope}, "id")) return id;
      const auto inner = evaluator_.only_value({parts.data(), child.scope});
      if (!inner) return std::nullopt;
      child = *inner;
    }
    return id_of_specification(child);
  }

  std::optional<Term> id_of_specification(const Value& child) const {
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
    const bool is_pair = expression.kind == Kind::tuple && expression.parts.size() == 2;
    return is_pair ? id_by_module(child) : std::nullopt;
  }

  // The id of {Module, Argument}.
  std::optional<Term> id_by_module(const Value& pair) const {
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

  Evaluator& evaluator_;
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
std::optional<Term> name_in(const Expression& call, Evaluator& evaluator) {
  if (call.parts.empty()) return std::nullopt;
  const auto name = call.module == "supervisor" && call.parts.size() == 3
                        ? evaluator.constant_of({&call.parts.front()})
                        : ChildReader(evaluator).option({&call.parts.back()}, "name");
  return name ? callable_name(*name) : std::nullopt;
}

std::optional<Term> supervisor_name(const beam::SourceCode& code, Evaluator& evaluator) {
  for (unsigned arity = 0; arity <= 3; ++arity) {
    const beam::SourceFunction* start = code.find("start_link", arity);
    if (start == nullptr) continue;
    for (const beam::Clause& clause : start->clauses) {
      const Expression* call = find_call(clause.body, starts_a_supervisor);
      if (call != nullptr) return name_in(*call, evaluator);
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
std::optional<Value> pair_in(const Value& result, Evaluator& evaluator) {
  const Expression& answer = *result.expression;
  const bool is_ok =
      answer.kind == Kind::tuple && answer.parts.size() == 2 && answer.parts[0].is_atom("ok");
  if (!is_ok) return std::nullopt;
  const auto pair = evaluator.only_value({&answer.parts[1], result.scope});
  const bool is_pair =
      pair && pair->expression->kind == Kind::tuple && pair->expression->parts.size() == 2;
  return is_pair ? pair : std::nullopt;
}

bool has_simple_flags(const Value& pair, Evaluator& evaluator) {
  const auto flags = evaluator.values_of({pair.expression->parts.data(), pair.scope});
  return std::any_of(flags.begin(), flags.end(),
                     [](const Value& each) { return is_simple(*each.expression); });
}

// The children in what init/1 answers, also in Supervisor.init(Children, Options).
std::optional<Value> children_in(const Value& result, Evaluator& evaluator) {
  const Expression& answer = *result.expression;
  if (is_call_of(answer, "Elixir.Supervisor", "init") && !answer.parts.empty()) {
    return Value{answer.parts.data(), result.scope};
  }
  const auto pair = pair_in(result, evaluator);
  if (!pair || has_simple_flags(*pair, evaluator)) return std::nullopt;
  return Value{&pair->expression->parts[1], pair->scope};
}

// What the function answers, where that is one expression.
std::optional<Value> only_result(const beam::SourceFunction& function, Evaluator& evaluator) {
  const std::vector<Value> results = evaluator.results_of(function);
  return results.size() == 1 ? std::optional(results.front()) : std::nullopt;
}

std::optional<Children> children_of_init(const beam::SourceCode& code,
                                         const beam::SourceFunction& init, Evaluator& evaluator) {
  const auto result = only_result(init, evaluator);
  const auto children = result ? children_in(*result, evaluator) : std::nullopt;
  if (!children) return std::nullopt;
  auto list = ChildReader(evaluator).read_list(*children);
  if (!list) return std::nullopt;
  return Children{Children::Source::init, std::move(*list), supervisor_name(code, evaluator)};
}

// Supervisor.start_link(Children, Options) as the answer of start/2.
std::optional<Children> children_of_start(const beam::SourceFunction& start, Evaluator& evaluator) {
  const auto result = only_result(start, evaluator);
  if (!result || !is_call_of(*result->expression, "Elixir.Supervisor", "start_link")) {
    return std::nullopt;
  }
  const std::vector<Expression>& arguments = result->expression->parts;
  if (arguments.size() != 2) return std::nullopt;
  const ChildReader reader(evaluator);
  auto list = reader.read_list({arguments.data(), result->scope});
  if (!list) return std::nullopt;
  return Children{Children::Source::application_start, std::move(*list),
                  reader.option({&arguments[1], result->scope}, "name")};
}

std::optional<Children> find_children(const beam::SourceCode& code, Evaluator& evaluator) {
  if (const beam::SourceFunction* init = code.find("init", 1)) {
    return children_of_init(code, *init, evaluator);
  }
  const beam::SourceFunction* start = code.find("start", 2);
  return start == nullptr ? std::nullopt : children_of_start(*start, evaluator);
}

}  // namespace

Reading<Children> children_of(const beam::SourceCode& code) {
  Evaluator evaluator(code);
  auto children = find_children(code, evaluator);
  if (evaluator.is_exhausted()) return {std::nullopt, true};
  return {std::move(children)};
}

bool is_simple_supervisor(const beam::SourceCode& code) {
  const beam::SourceFunction* init = code.find("init", 1);
  if (init == nullptr) return false;
  Evaluator evaluator(code);
  const auto result = only_result(*init, evaluator);
  const auto pair = result ? pair_in(*result, evaluator) : std::nullopt;
  return pair && has_simple_flags(*pair, evaluator);
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
