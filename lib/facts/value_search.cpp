// SPDX-License-Identifier: Apache-2.0
#include "facts/value_search.hpp"

namespace relup::facts {
namespace {

using beam::Expression;
using Kind = Expression::Kind;

constexpr int deepest = 6;  // calls and variables on the way

const Expression* binding_of(const std::string& variable, const ValueSearch::Scope& scope) {
  for (auto before = scope.rbegin(); before != scope.rend(); ++before) {
    const Expression& expression = **before;
    if (expression.kind != Kind::match) continue;
    const Expression& pattern = expression.parts[0];
    if (pattern.kind == Kind::variable && pattern.name == variable) return &expression.parts[1];
  }
  return nullptr;
}

}  // namespace

std::vector<ValueSearch::Value> ValueSearch::results_of(
    const beam::SourceFunction& function) const {
  std::vector<Value> found;
  search_function(function, 0, found);
  return found;
}

std::vector<ValueSearch::Value> ValueSearch::values_of(const Expression& expression,
                                                       const Scope& scope) const {
  std::vector<Value> found;
  search(expression, scope, 0, found);
  return found;
}

void ValueSearch::search_function(const beam::SourceFunction& function, int depth,
                                  std::vector<Value>& found) const {
  for (const beam::Clause& clause : function.clauses)
    search(clause.body, {}, depth, found);
}

void ValueSearch::search(const Expression& expression, Scope scope, int depth,
                         std::vector<Value>& found) const {
  const bool goes_on = depth < deepest;
  if (expression.kind == Kind::match) return search(expression.parts[1], scope, depth, found);
  if (expression.kind == Kind::sequence && !expression.parts.empty()) {
    for (const Expression& part : expression.parts)
      scope.push_back(&part);
    scope.pop_back();
    return search(expression.parts.back(), scope, depth, found);
  }
  if (expression.kind == Kind::choice) {
    for (const Expression& part : expression.parts)
      search(part, scope, depth, found);
    return;
  }
  if (expression.kind == Kind::variable && goes_on) {
    const Expression* bound = binding_of(expression.name, scope);
    if (bound != nullptr) return search(*bound, scope, depth + 1, found);
  }
  if (expression.kind == Kind::call && !expression.module && goes_on) {
    const auto arity = static_cast<unsigned>(expression.parts.size());
    const beam::SourceFunction* function = code_.find(expression.name, arity);
    if (function != nullptr) return search_function(*function, depth + 1, found);
  }
  found.push_back({&expression, std::move(scope)});
}

}  // namespace relup::facts
