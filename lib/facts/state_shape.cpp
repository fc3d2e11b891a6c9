// SPDX-License-Identifier: Apache-2.0
#include "facts/state_shape.hpp"

#include <algorithm>

#include "base/words.hpp"

namespace relup::facts {
namespace {

using beam::Expression;
using Kind = Expression::Kind;
using Shape = std::optional<StateShape>;

Shape record_shape(const beam::SourceCode& code, const std::string& name) {
  const auto record = code.record(name);
  if (!record) return std::nullopt;
  return StateShape{StateShape::Kind::record, name, record->fields};
}

// Of a map whose keys are all atoms.
Shape map_shape(const Expression& map) {
  StateShape shape{StateShape::Kind::map, "", map.fields};
  std::sort(shape.fields.begin(), shape.fields.end());
  const bool is_plain = !shape.fields.empty() && !shape.fields.front().empty();
  return is_plain ? Shape(std::move(shape)) : std::nullopt;
}

Shape shape_of(const beam::SourceCode& code, const Expression& expression) {
  switch (expression.kind) {
    case Kind::record:
      return record_shape(code, expression.name);
    case Kind::structure:
      return StateShape{StateShape::Kind::structure, expression.name, {}};
    case Kind::map:
      return map_shape(expression);
    default:
      return std::nullopt;
  }
}

// Several ways out must agree; one that does not end in `{ok, State}` starts no process.
Shape shape_of_results(const beam::SourceCode& code, const beam::SourceFunction& init,
                       std::size_t position, Evaluator& evaluator) {
  Shape common;
  for (const auto& [result, scope] : evaluator.results_of(init)) {
    if (result->kind != Kind::tuple || result->parts.size() <= position) continue;
    if (!result->parts.front().is_atom("ok")) continue;
    for (const auto& state : evaluator.values_of({&result->parts[position], scope})) {
      const Shape shape = shape_of(code, *state.expression);
      if (!shape || (common && !(*common == *shape))) return std::nullopt;
      common = shape;
    }
  }
  return common;
}

}  // namespace

Reading<StateShape> state_shape(const beam::SourceCode& code, std::size_t position) {
  const beam::SourceFunction* init = code.find("init", 1);
  if (init == nullptr) return {};
  Evaluator evaluator(code);
  Shape shape = shape_of_results(code, *init, position, evaluator);
  if (evaluator.is_exhausted()) return {std::nullopt, true};
  return {std::move(shape)};
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
                     missing_in(before.fields, after.fields), false};
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
           joined(change.added);
  }
  if (!change.removed.empty()) {
    text += (text.empty() ? "no longer has " : ", and no longer ") + joined(change.removed);
  }
  if (!text.empty()) return text;
  return change.before.name == change.after.name ? "has its fields in another order"
                                                 : "was " + describe(change.before);
}

std::string reason_of(const StateChange& change) {
  return "its state (" + describe(change.after) + ") " + describe(change);
}

}  // namespace relup::facts
