// SPDX-License-Identifier: Apache-2.0
//
// The callback learns the way from one argument: the version that the state comes from, or
// {down, Version}. So each clause serves one way or both, by the pattern that it has there. Of the
// clauses that may be taken on a way, those after one that is surely taken do not count; when none
// is left, the call crashes, and when all that are left return the state of their own head, nothing
// happens to it.

#include "plan/state_takeover.hpp"

#include <algorithm>

namespace relup::plan {
namespace {

using beam::Clause;
using beam::Expression;
using facts::StateCallback;
using Kind = Expression::Kind;

bool is_pair_of_down(const Expression& pattern) {
  return pattern.kind == Kind::tuple && pattern.parts.size() == 2 &&
         pattern.parts.front().is_atom("down");
}

// [Head | Tail], or "1." ++ Tail.
bool is_open_list(const Expression& pattern) {
  return pattern.form.is_tagged("cons", 4) || (pattern.kind == Kind::call && pattern.name == "++");
}

// Whether `pattern` may match the version that is given on the way.
bool may_match(const Expression& pattern, appup::Direction direction) {
  const bool up = direction == appup::Direction::up;
  switch (pattern.kind) {
    case Kind::match:
      return std::all_of(pattern.parts.begin(), pattern.parts.end(),
                         [&](const Expression& part) { return may_match(part, direction); });
    case Kind::tuple: {
      if (is_pair_of_down(pattern)) return !up;
      const bool may_be_down =
          pattern.parts.size() == 2 && pattern.parts.front().kind != Kind::literal;
      return up || may_be_down;
    }
    case Kind::literal:
    case Kind::list:
      return up;
    default:
      return up || !is_open_list(pattern);
  }
}

bool is_variable(const Expression& pattern) {
  return pattern.kind == Kind::variable;
}

class Callback {
 public:
  Callback(const StateCallback& callback, const beam::SourceFunction& function)
      : callback_(callback), function_(function) {}

  StateTakeover takeover(appup::Direction direction) const {
    bool is_served = false;
    bool keeps = true;
    bool acts = true;
    for (const Clause& clause : function_.clauses) {
      if (clause.patterns.size() != callback_.arity) return StateTakeover::works;
      if (!may_match(version_of(clause), direction)) continue;
      is_served = true;
      keeps = keeps && keeps_state(clause, clause.body);
      acts = acts && keeps_state(clause, value_of(clause.body));
      if (is_surely_taken(clause, direction)) break;
    }
    if (!is_served) return StateTakeover::refuses;
    if (keeps) return StateTakeover::keeps;
    return acts ? StateTakeover::acts : StateTakeover::works;
  }

 private:
  // After the state in a special process, else before it.
  const Expression& version_of(const Clause& clause) const {
    return clause.patterns[callback_.first == 0 ? 2 : 0];
  }

  bool is_surely_taken(const Clause& clause, appup::Direction direction) const {
    const Expression& version = version_of(clause);
    const bool takes_version =
        is_variable(version) || (direction == appup::Direction::down && is_pair_of_down(version) &&
                                 is_variable(version.parts.back()));
    return takes_version && !clause.has_guard &&
           std::all_of(clause.patterns.begin(), clause.patterns.end(),
                       [&](const auto& each) { return &each == &version || is_variable(each); });
  }

  // What a body comes to.
  static const Expression& value_of(const Expression& body) {
    const bool is_longer = body.kind == Kind::sequence && !body.parts.empty();
    return is_longer ? value_of(body.parts.back()) : body;
  }

  // A variable of Erlang is bound once, and of one in Elixir `version` tells which it is.
  bool keeps_state(const Clause& clause, const Expression& answer) const {
    if (answer.kind != Kind::tuple || answer.parts.size() != callback_.count + 1) return false;
    if (!answer.parts.front().is_atom("ok")) return false;
    for (unsigned i = 0; i < callback_.count; ++i) {
      if (!is_same(clause.patterns[callback_.first + i], answer.parts[i + 1])) return false;
    }
    return true;
  }

  static bool is_same(const Expression& pattern, const Expression& value) {
    if (pattern.kind == Kind::match) {
      return std::any_of(pattern.parts.begin(), pattern.parts.end(),
                         [&](const Expression& part) { return is_same(part, value); });
    }
    return is_variable(pattern) && is_variable(value) && pattern.name == value.name &&
           pattern.version == value.version;
  }

  const StateCallback& callback_;
  const beam::SourceFunction& function_;
};

}  // namespace

StateTakeover state_takeover(const facts::ModuleFacts& running, appup::Direction direction) {
  const auto callback = facts::state_callback(running);
  if (!callback) return StateTakeover::missing;
  if (running.keeps_state) return StateTakeover::keeps;
  const beam::SourceCode* source = running.source();
  const beam::SourceFunction* function =
      source == nullptr ? nullptr : source->find(callback->name, callback->arity);
  if (function == nullptr || function->clauses.empty()) return StateTakeover::works;
  return Callback(*callback, *function).takeover(direction);
}

}  // namespace relup::plan
