// SPDX-License-Identifier: Apache-2.0
//
// The search follows values backwards through init/1: the last expression of a body is its value, a
// variable is what it was bound to before, a call of a function of the same module is what that
// function returns. Several ways out must agree.

#include "diff/state_shape.hpp"

#include <algorithm>

namespace relup::diff {
namespace {

using beam::Expression;
using Kind = Expression::Kind;
using Shape = std::optional<StateShape>;

constexpr int deepest = 6;  // calls and variables on the way

class Search {
 public:
  Search(const beam::SourceCode& code, std::size_t position) : code_(code), position_(position) {}

  Shape state_of(const beam::SourceFunction& init) {
    for (const beam::Clause& clause : init.clauses)
      look_for_results(clause.body, {}, 0);
    return is_ambiguous_ ? std::nullopt : found_;
  }

 private:
  using Scope = std::vector<const Expression*>;  // expressions that were evaluated before

  // Finds the `{ok, State}` that `expression` may evaluate to.
  void look_for_results(const Expression& expression, Scope scope, int depth) {
    if (depth > deepest) return;
    switch (expression.kind) {
      case Kind::tuple:
        if (expression.parts.size() > position_ && expression.parts.front().is_atom("ok")) {
          add(shape_of(expression.parts[position_], scope, depth));
        }
        return;
      case Kind::sequence:
        for (const Expression& part : expression.parts) {
          if (&part == &expression.parts.back()) look_for_results(part, scope, depth);
          scope.push_back(&part);
        }
        return;
      case Kind::choice:
        for (const Expression& part : expression.parts)
          look_for_results(part, scope, depth);
        return;
      case Kind::match:
        return look_for_results(expression.parts[1], scope, depth);
      case Kind::variable:
        if (const Expression* bound = binding_of(expression.name, scope)) {
          look_for_results(*bound, scope, depth + 1);
        }
        return;
      case Kind::call:
        if (const beam::SourceFunction* function = local_function(expression)) {
          for (const beam::Clause& clause : function->clauses)
            look_for_results(clause.body, {}, depth + 1);
        }
        return;
      default:
        return;
    }
  }

  void add(const Shape& shape) {
    is_ambiguous_ = is_ambiguous_ || !shape || (found_ && !(*found_ == *shape));
    found_ = shape;
  }

  Shape shape_of(const Expression& expression, Scope scope, int depth) const {
    if (depth > deepest) return std::nullopt;
    switch (expression.kind) {
      case Kind::record:
        return record_shape(expression.name);
      case Kind::structure:
        return StateShape{StateShape::Kind::structure, expression.name, {}};
      case Kind::map:
        return map_shape(expression);
      case Kind::match:
        return shape_of(expression.parts[1], scope, depth);
      case Kind::sequence: {
        if (expression.parts.empty()) return std::nullopt;
        for (const Expression& part : expression.parts)
          scope.push_back(&part);
        return shape_of(expression.parts.back(), scope, depth + 1);
      }
      case Kind::choice:
        return common_shape(expression.parts, scope, depth);
      case Kind::variable: {
        const Expression* bound = binding_of(expression.name, scope);
        return bound == nullptr ? std::nullopt : shape_of(*bound, scope, depth + 1);
      }
      case Kind::call: {
        const beam::SourceFunction* function = local_function(expression);
        if (function == nullptr) return std::nullopt;
        std::vector<Expression> bodies;
        for (const beam::Clause& clause : function->clauses)
          bodies.push_back(clause.body);
        return common_shape(bodies, {}, depth + 1);
      }
      default:
        return std::nullopt;
    }
  }

  Shape common_shape(const std::vector<Expression>& ways, const Scope& scope, int depth) const {
    Shape common;
    for (const Expression& way : ways) {
      const Shape shape = shape_of(way, scope, depth);
      if (!shape || (common && !(*common == *shape))) return std::nullopt;
      common = shape;
    }
    return common;
  }

  Shape record_shape(const std::string& name) const {
    const auto record = code_.records().find(name);
    if (record == code_.records().end()) return std::nullopt;
    return StateShape{StateShape::Kind::record, name, record->second.fields};
  }

  // Of a map whose keys are all atoms.
  static Shape map_shape(const Expression& map) {
    StateShape shape{StateShape::Kind::map, "", map.fields};
    std::sort(shape.fields.begin(), shape.fields.end());
    const bool is_plain = !shape.fields.empty() && !shape.fields.front().empty();
    return is_plain ? Shape(std::move(shape)) : std::nullopt;
  }

  static const Expression* binding_of(const std::string& variable, const Scope& scope) {
    for (auto before = scope.rbegin(); before != scope.rend(); ++before) {
      const Expression& expression = **before;
      if (expression.kind != Kind::match) continue;
      const Expression& pattern = expression.parts[0];
      if (pattern.kind == Kind::variable && pattern.name == variable) return &expression.parts[1];
    }
    return nullptr;
  }

  const beam::SourceFunction* local_function(const Expression& call) const {
    if (call.module) return nullptr;
    return code_.find(call.name, static_cast<unsigned>(call.parts.size()));
  }

  const beam::SourceCode& code_;
  std::size_t position_;
  Shape found_;
  bool is_ambiguous_ = false;
};

std::string listed(const beam::FieldNames& fields) {
  std::string text;
  for (const std::string& field : fields)
    text += (text.empty() ? "" : ", ") + field;
  return text;
}

}  // namespace

std::optional<StateShape> state_shape(const beam::SourceCode& code, std::size_t position) {
  const beam::SourceFunction* init = code.find("init", 1);
  if (init == nullptr) return std::nullopt;
  return Search(code, position).state_of(*init);
}

std::optional<StateChange> compare_shapes(const StateShape& before, const StateShape& after) {
  if (before == after) return std::nullopt;
  const auto missing_in = [](const beam::FieldNames& some, const beam::FieldNames& others) {
    beam::FieldNames missing;
    for (const std::string& field : some) {
      if (std::find(others.begin(), others.end(), field) == others.end()) missing.push_back(field);
    }
    return missing;
  };
  return StateChange{before, after, missing_in(after.fields, before.fields),
                     missing_in(before.fields, after.fields)};
}

std::string describe(const StateShape& shape) {
  switch (shape.kind) {
    case StateShape::Kind::record:
      return "record " + shape.name;
    case StateShape::Kind::structure:
      return "struct " + shape.name;
    case StateShape::Kind::map:
      break;
  }
  return "a map";
}

std::string describe(const StateChange& change) {
  std::string text;
  if (!change.added.empty()) {
    text = std::string("has the new field") + (change.added.size() == 1 ? " " : "s ") +
           listed(change.added);
  }
  if (!change.removed.empty()) {
    text += (text.empty() ? "no longer has " : ", and no longer ") + listed(change.removed);
  }
  if (!text.empty()) return text;
  return change.before.name == change.after.name ? "has its fields in another order"
                                                 : "was " + describe(change.before);
}

}  // namespace relup::diff
