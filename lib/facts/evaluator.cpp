// SPDX-License-Identifier: Apache-2.0
//
// An expression together with what was bound before it either is an answer or leads to others: a
// match to its right side, a sequence to its last part, a choice to each of its parts, a variable
// to what it was bound to, a call to the bodies of the function. So the values of an expression are
// the answers that are reached from it, and what was reached once need not be looked at again. That
// is what keeps the search small: a function of forty clauses, each of which calls another one of
// forty clauses, leads to eighty bodies and not to 1,600. Recursion ends by itself, for a call of a
// function that has been entered adds no value that its other clauses do not have.
//
// Bindings form a chain, the newest first, and what a variable was bound to is looked up among
// those before: `x = x ++ [b]` of Elixir means the older x. Where debug information counts the
// versions of a variable, they must be the same as well, for a binding may hide in a pattern.
//
// Lists and constants are trees of such answers: `A ++ B` has the elements of both, a tuple is
// constant when all its parts are. There one answer may stand many times ({A, A}, where A is
// {B, B}, and so on), and a tree may be deep, which is what the budget and the bound of depth are
// for. A list that is a part of itself, as in `f(N) -> [a] ++ f(N - 1)`, is not written down.

#include "facts/evaluator.hpp"

#include <algorithm>

namespace relup::facts {
namespace {

using beam::Expression;
using Kind = Expression::Kind;

constexpr std::size_t deepest = 500;  // lists in sums, terms in terms

bool is_same_variable(const Expression& left, const Expression& right) {
  return left.kind == Kind::variable && right.kind == Kind::variable && left.name == right.name &&
         left.version == right.version;
}

bool is_sum(const Expression& expression) {
  return expression.parts.size() == 2 &&
         (is_call_of(expression, "erlang", "++") || is_call_of(expression, "lists", "append") ||
          is_call_of(expression, "Elixir.Enum", "concat"));
}

// The end of Elixir's [head | tail].
bool is_open_end(const Expression& part) {
  return part.kind == Kind::call && !part.module && part.name == "|" && part.parts.size() == 2;
}

bool is_compound(Kind kind) {
  return kind == Kind::tuple || kind == Kind::list || kind == Kind::map || kind == Kind::record ||
         kind == Kind::structure;
}

Term map_of(const Term::Elements& keys_and_values) {
  Term::Pairs pairs;
  for (std::size_t i = 0; i + 1 < keys_and_values.size(); i += 2)
    pairs.emplace_back(keys_and_values[i], keys_and_values[i + 1]);
  return Term::map(std::move(pairs));
}

}  // namespace

bool is_call_of(const Expression& expression, std::string_view module, std::string_view name) {
  return expression.kind == Kind::call && expression.module == module && expression.name == name;
}

struct Evaluator::Search {
  std::vector<Value> open;  // the next one last
  std::set<Value> seen = {};
  std::set<const beam::SourceFunction*> entered = {};

  // So that they come in the order of `expressions`.
  void add(const std::vector<Expression>& expressions, const Binding* scope) {
    for (auto each = expressions.rbegin(); each != expressions.rend(); ++each)
      open.push_back({&*each, scope});
  }
  bool enter(const beam::SourceFunction& function) {
    if (!entered.insert(&function).second) return false;
    for (auto clause = function.clauses.rbegin(); clause != function.clauses.rend(); ++clause)
      open.push_back({&clause->body, nullptr});
    return true;
  }
};

// One level of a tree.
class Evaluator::Descent {
 public:
  explicit Descent(Evaluator& evaluator) : evaluator_(evaluator) {
    if (++evaluator_.depth_ > deepest) evaluator_.steps_left_ = 0;
  }
  Descent(const Descent&) = delete;
  Descent& operator=(const Descent&) = delete;
  ~Descent() { --evaluator_.depth_; }

 private:
  Evaluator& evaluator_;
};

bool Evaluator::spend(std::size_t steps) {
  steps_left_ -= std::min(steps, steps_left_);
  return steps_left_ > 0;
}

std::vector<Evaluator::Value> Evaluator::results_of(const beam::SourceFunction& function) {
  Search search{{}};
  search.enter(function);
  std::vector<Value> found;
  run(search, [&found](const Value& value) { found.push_back(value); });
  return is_exhausted() ? std::vector<Value>() : found;
}

std::vector<Evaluator::Value> Evaluator::values_of(const Value& value) {
  Search search{{value}};
  std::vector<Value> found;
  run(search, [&found](const Value& each) { found.push_back(each); });
  return is_exhausted() ? std::vector<Value>() : found;
}

std::optional<Evaluator::Value> Evaluator::only_value(const Value& value) {
  const std::vector<Value> values = values_of(value);
  return values.size() == 1 ? std::optional(values.front()) : std::nullopt;
}

bool Evaluator::may_hold(const Value& value,
                         const std::function<bool(const Expression&)>& is_wanted) {
  Search search{{value}};
  bool is_found = false;
  run(search, [&](const Value& each) {
    const Expression& expression = *each.expression;
    is_found = is_found || is_wanted(expression);
    if (is_found) {
      search.open.clear();
    } else if (is_compound(expression.kind)) {
      search.add(expression.parts, each.scope);
    }
  });
  return is_found && !is_exhausted();
}

void Evaluator::run(Search& search, const std::function<void(const Value&)>& take) {
  while (!search.open.empty() && spend(1)) {
    const Value value = search.open.back();
    search.open.pop_back();
    if (search.seen.insert(value).second && !lead_on(value, search)) take(value);
  }
}

// False where the value is an answer itself.
bool Evaluator::lead_on(const Value& value, Search& search) {
  const Expression& expression = *value.expression;
  switch (expression.kind) {
    case Kind::match:
      search.open.push_back({&expression.parts[1], value.scope});
      return true;
    case Kind::sequence:
      if (expression.parts.empty()) return false;
      search.open.push_back({&expression.parts.back(), scope_at_end(value)});
      return true;
    case Kind::choice:
      search.add(expression.parts, value.scope);
      return true;
    case Kind::variable:
      return lead_to_binding(value, search);
    case Kind::call:
      return !expression.module && lead_into_function(expression, search);
    default:
      return false;
  }
}

bool Evaluator::lead_to_binding(const Value& variable, Search& search) {
  for (const Binding* bound = variable.scope; bound != nullptr && spend(1); bound = bound->before) {
    const Expression& match = *bound->match;
    if (!is_same_variable(match.parts[0], *variable.expression)) continue;
    search.open.push_back({&match.parts[1], bound->before});
    return true;
  }
  return false;
}

bool Evaluator::lead_into_function(const Expression& call, Search& search) const {
  const auto arity = static_cast<unsigned>(call.parts.size());
  const beam::SourceFunction* function = code_.find(call.name, arity);
  if (function == nullptr || function->clauses.empty()) return false;
  search.enter(*function);
  return true;
}

// What is bound in front of the last part of a sequence. `x = y = 1` binds two variables.
const Evaluator::Binding* Evaluator::scope_at_end(const Value& sequence) {
  const auto [known, is_new] = scopes_.try_emplace(sequence, sequence.scope);
  if (!is_new) return known->second;
  const std::vector<Expression>& parts = sequence.expression->parts;
  for (std::size_t i = 0; i + 1 < parts.size() && spend(1); ++i) {
    const Expression* part = &parts[i];
    for (; part->kind == Kind::match; part = &part->parts[1]) {
      bindings_.push_back({part, known->second});
      known->second = &bindings_.back();
    }
  }
  return known->second;
}

std::optional<std::vector<Evaluator::Value>> Evaluator::elements_of(const Value& list) {
  std::vector<Value> elements;
  const bool is_list = append_elements(list, elements);
  return is_list ? std::optional(std::move(elements)) : std::nullopt;
}

bool Evaluator::append_elements(const Value& list, std::vector<Value>& elements) {
  const Descent descent(*this);
  const auto value = only_value(list);
  if (!value) return false;
  if (value->expression->kind == Kind::list) return append_parts(*value, elements);
  if (!is_sum(*value->expression) || !open_sums_.insert(*value).second) return false;
  const bool is_list = append_sum(*value, elements);
  open_sums_.erase(*value);
  return is_list;
}

bool Evaluator::append_sum(const Value& sum, std::vector<Value>& elements) {
  const std::vector<Expression>& parts = sum.expression->parts;
  return std::all_of(parts.begin(), parts.end(), [&](const Expression& part) {
    return append_elements({&part, sum.scope}, elements);
  });
}

bool Evaluator::append_parts(const Value& list, std::vector<Value>& elements) {
  for (const Expression& part : list.expression->parts) {
    if (!spend(1)) return false;
    if (is_open_end(part)) {
      elements.push_back({part.parts.data(), list.scope});
      return append_elements({&part.parts[1], list.scope}, elements);
    }
    elements.push_back({&part, list.scope});
  }
  return true;
}

std::optional<Term> Evaluator::constant_of(const Value& value) {
  const Descent descent(*this);
  const auto only = only_value(value);
  if (!only) return std::nullopt;
  const Expression& expression = *only->expression;
  if (expression.kind == Kind::literal) return expression.value;
  const bool is_term = expression.kind == Kind::tuple || expression.kind == Kind::list ||
                       expression.kind == Kind::map;
  if (!is_term) return std::nullopt;
  Term::Elements elements;
  for (const Expression& part : expression.parts) {
    auto element = constant_of({&part, only->scope});
    if (!element) return std::nullopt;
    elements.push_back(std::move(*element));
  }
  if (expression.kind == Kind::tuple) return Term::tuple(std::move(elements));
  if (expression.kind == Kind::list) return Term::list(std::move(elements));
  return map_of(elements);
}

}  // namespace relup::facts
