// SPDX-License-Identifier: Apache-2.0
//
// The list is looked for where a supervisor is told it: in what init/1 answers, or in the call that
// starts one from start/2 of an application. What its elements say is read by ChildReader.

#include "facts/children.hpp"

#include <algorithm>
#include <array>

#include "facts/child_reader.hpp"

namespace relup::facts {
namespace {

using beam::Expression;
using Kind = Expression::Kind;
using Value = Evaluator::Value;

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

// The argument for init/1 in `supervisor:start_link([Name,] Module, Argument)` and Elixir's
// `start_link(Module, Argument, Options)`.
std::optional<Term> argument_in(const Expression& call, Evaluator& evaluator) {
  const bool is_of_erlang = call.module == "supervisor";
  const std::size_t place = is_of_erlang ? call.parts.size() - 1 : 1;
  if (call.parts.size() < 2) return std::nullopt;
  return evaluator.constant_of({&call.parts[place]});
}

// How the module starts itself as a supervisor, by the first call that does.
void read_own_start(const beam::SourceCode& code, Evaluator& evaluator, Children& children) {
  for (unsigned arity = 0; arity <= 3; ++arity) {
    const beam::SourceFunction* start = code.find("start_link", arity);
    if (start == nullptr) continue;
    for (const beam::Clause& clause : start->clauses) {
      const Expression* call = find_call(clause.body, starts_a_supervisor);
      if (call == nullptr) continue;
      children.supervisor = name_in(*call, evaluator);
      children.argument = argument_in(*call, evaluator);
      children.has_start = true;
      return;
    }
  }
}

// Of #{strategy => ..., ...} and {Strategy, Intensity, Period}; with the defaults of supervisor(3).
std::map<std::string, Term> flags_in(const Value& flags, Evaluator& evaluator) {
  constexpr std::array<const char*, 3> names{"strategy", "intensity", "period"};
  std::map<std::string, Term> found;
  const auto only = evaluator.only_value(flags);
  if (!only) return found;
  const Expression& expression = *only->expression;
  const bool is_tuple = expression.kind == Kind::tuple && expression.parts.size() == names.size();
  const bool is_map =
      expression.kind == Kind::map && 2 * expression.fields.size() == expression.parts.size();
  if (!is_tuple && !is_map) return found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Expression* given = is_tuple ? &expression.parts[i] : value_of_key(expression, names[i]);
    if (given == nullptr) continue;
    if (auto value = evaluator.constant_of({given, only->scope}))
      found.emplace(names[i], std::move(*value));
  }
  if (is_tuple) return found;
  if (value_of_key(expression, "strategy") == nullptr)
    found.emplace("strategy", Term::atom("one_for_one"));
  if (value_of_key(expression, "intensity") == nullptr)
    found.emplace("intensity", Term(std::int64_t{1}));
  if (value_of_key(expression, "period") == nullptr) found.emplace("period", Term(std::int64_t{5}));
  return found;
}

// Elixir's options, under the names of supervisor(3).
std::map<std::string, Term> flags_in_options(const Value& options, Evaluator& evaluator) {
  constexpr std::array<std::pair<const char*, const char*>, 3> names{
      {{"strategy", "strategy"}, {"intensity", "max_restarts"}, {"period", "max_seconds"}}};
  std::map<std::string, Term> found;
  for (const auto& [name, option] : names) {
    if (auto value = ChildReader(evaluator).option(options, option))
      found.emplace(name, std::move(*value));
  }
  return found;
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

// The children in what init/1 answers, also in Supervisor.init(Children, Options); the flags that
// stand beside them go to `flags`.
std::optional<Value> children_in(const Value& result, Evaluator& evaluator,
                                 std::map<std::string, Term>& flags) {
  const Expression& answer = *result.expression;
  if (is_call_of(answer, "Elixir.Supervisor", "init") && answer.parts.size() == 2) {
    flags = flags_in_options({&answer.parts[1], result.scope}, evaluator);
    return Value{answer.parts.data(), result.scope};
  }
  const auto pair = pair_in(result, evaluator);
  if (!pair || has_simple_flags(*pair, evaluator)) return std::nullopt;
  flags = flags_in({pair->expression->parts.data(), pair->scope}, evaluator);
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
  std::map<std::string, Term> flags;
  const auto listed = result ? children_in(*result, evaluator, flags) : std::nullopt;
  auto list = listed ? ChildReader(evaluator).read_list(*listed) : std::nullopt;
  if (!list) return std::nullopt;
  Children children{Children::Source::init, std::move(*list), std::nullopt, std::move(flags)};
  read_own_start(code, evaluator, children);
  for (const beam::Clause& clause : init.clauses)
    if (clause.patterns.size() == 1) children.init_heads.push_back(clause.patterns.front());
  return children;
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
  const Value options{&arguments[1], result->scope};
  return Children{Children::Source::application_start, std::move(*list),
                  reader.option(options, "name"), flags_in_options(options, evaluator)};
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

std::optional<Child> pattern_of_simple_supervisor(const beam::SourceCode& code) {
  const beam::SourceFunction* init = code.find("init", 1);
  if (init == nullptr) return std::nullopt;
  Evaluator evaluator(code);
  const auto result = only_result(*init, evaluator);
  const auto pair = result ? pair_in(*result, evaluator) : std::nullopt;
  if (!pair || !has_simple_flags(*pair, evaluator)) return std::nullopt;
  auto list = ChildReader(evaluator).read_list({&pair->expression->parts[1], pair->scope});
  if (!list || list->size() != 1) return std::nullopt;
  return std::move(list->front());
}

std::optional<Child> child_described_by(const beam::SourceCode& code) {
  const beam::SourceFunction* describe = code.find("child_spec", 1);
  if (describe == nullptr) return std::nullopt;
  Evaluator evaluator(code);
  const auto result = only_result(*describe, evaluator);
  return result ? ChildReader(evaluator).read_child(*result) : std::nullopt;
}

bool is_simple_supervisor(const beam::SourceCode& code) {
  const beam::SourceFunction* init = code.find("init", 1);
  if (init == nullptr) return false;
  Evaluator evaluator(code);
  const auto result = only_result(*init, evaluator);
  const auto pair = result ? pair_in(*result, evaluator) : std::nullopt;
  return pair && has_simple_flags(*pair, evaluator);
}

}  // namespace relup::facts
