// SPDX-License-Identifier: Apache-2.0
#include "facts/state_shape.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "facts/value_search.hpp"

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

Shape map_shape(beam::FieldNames keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (keys.empty() || keys.front().empty()) return std::nullopt;
  return StateShape{StateShape::Kind::map, "", std::move(keys)};
}

Shape tuple_shape(const Atom* tag, std::size_t size) {
  if (tag == nullptr) return std::nullopt;
  return StateShape{StateShape::Kind::tuple, tag->name(), {}, size};
}

Shape shape_of(const Term& constant) {
  if (const Term::Elements* elements = constant.as_tuple())
    return elements->empty() ? std::nullopt
                             : tuple_shape(elements->front().as_atom(), elements->size());
  const Term::Pairs* pairs = constant.as_map();
  if (pairs == nullptr) return std::nullopt;
  beam::FieldNames keys;
  for (const auto& [key, value] : *pairs) {
    if (key.is_atom("__struct__") && value.as_atom() != nullptr)
      return StateShape{StateShape::Kind::structure, value.as_atom()->name(), {}};
    keys.push_back(key.as_atom() == nullptr ? "" : key.as_atom()->name());
  }
  return map_shape(std::move(keys));
}

// What compiled code makes in init/1.
class FlowShape {
 public:
  explicit FlowShape(const beam::ValueFlow& code) : code_(code), search_({}) {}

  Shape of_init(std::size_t position) {
    const beam::FunctionFlow* init = code_.find("init", 1);
    if (init == nullptr) return std::nullopt;
    for (const auto result : init->results) {
      for (const Value& answer : search_.values_of(search_.value_of(code_, *init, result)))
        take_answer(answer, position);
    }
    return differs_ ? std::nullopt : common_;
  }

  // After of_init().
  bool is_told() const { return is_told_; }

 private:
  using Value = ValueSearch::Value;
  using NodeKind = beam::FlowNode::Kind;

  // One that is no `{ok, State}` starts no process.
  void take_answer(const Value& answer, std::size_t position) {
    const beam::FlowNode& node = *answer;
    if (const Term::Elements* parts = node.value.as_tuple()) {
      const bool is_ok = parts->size() > position && parts->front().is_atom("ok");
      if (is_ok) take(shape_of((*parts)[position]), Seen::yes);
      return;
    }
    if (node.kind != NodeKind::tuple || node.parts.size() <= position) return;
    const auto tag = atom_of(answer.frame->function->nodes[node.parts.front()]);
    if (!tag || !(*tag == "ok")) return;
    const auto states = search_.values_of({answer.frame, node.parts[position]});
    for (const Value& state : states) {
      const Shape shape = shape_of_value(state);
      const NodeKind kind = (*state).kind;
      const bool is_plain = kind == NodeKind::term || kind == NodeKind::list;
      take(shape, shape || is_plain ? Seen::yes : Seen::no);
    }
    if (states.empty()) take(std::nullopt, Seen::no);
  }

  enum class Seen { no, yes };

  void take(const Shape& shape, Seen seen) {
    is_told_ = is_told_ && seen == Seen::yes;
    if (!shape || (common_ && !(*common_ == *shape))) differs_ = true;
    common_ = shape;
  }

  Shape shape_of_value(const Value& value) {
    const beam::FlowNode& node = *value;
    if (node.kind == NodeKind::term) return shape_of(node.value);
    if (node.kind == NodeKind::tuple && !node.parts.empty()) {
      const auto tag = atom_of(value.frame->function->nodes[node.parts.front()]);
      return tuple_shape(tag ? &*tag : nullptr, node.parts.size());
    }
    return node.kind == NodeKind::map ? map_shape_of(value) : std::nullopt;
  }

  // What it was made of, and its own keys.
  Shape map_shape_of(const Value& map) {
    const beam::FlowNode& node = *map;
    const auto origins = search_.values_of({map.frame, node.parts.front()});
    if (origins.size() != 1) return std::nullopt;
    const beam::FlowNode& origin = *origins.front();
    const Term::Pairs* constant = origin.value.as_map();
    const bool is_empty = constant != nullptr && constant->empty();
    Shape shape =
        is_empty ? StateShape{StateShape::Kind::map, "", {}} : shape_of_value(origins.front());
    if (!shape || shape->kind == StateShape::Kind::tuple) return std::nullopt;
    for (std::size_t i = 1; i + 1 < node.parts.size(); i += 2) {
      const auto& nodes = map.frame->function->nodes;
      const auto key = atom_of(nodes[node.parts[i]]);
      if (!key) return std::nullopt;
      const auto name = *key == "__struct__" ? atom_of(nodes[node.parts[i + 1]]) : std::nullopt;
      if (name) shape = StateShape{StateShape::Kind::structure, name->name(), {}};
      if (shape->kind == StateShape::Kind::map) shape->fields.push_back(key->name());
    }
    return shape->kind == StateShape::Kind::map ? map_shape(std::move(shape->fields)) : shape;
  }

  const beam::ValueFlow& code_;
  ValueSearch search_;
  Shape common_;
  bool differs_ = false;
  bool is_told_ = true;
};

}  // namespace

std::optional<StateShape> state_shape(const beam::ValueFlow& code, std::size_t position) {
  return FlowShape(code).of_init(position);
}

bool is_state_told(const beam::ValueFlow& code, std::size_t position) {
  FlowShape shape(code);
  shape.of_init(position);
  return shape.is_told();
}

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
  // Where a state is a tuple, what stands in front may say in which of several states it is.
  const bool are_tuples =
      before.kind == StateShape::Kind::tuple && after.kind == StateShape::Kind::tuple;
  if (are_tuples && before.name != after.name) return std::nullopt;
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
    case StateShape::Kind::tuple:
      return "tuple {" + shape.name + ", ...}";
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
  const bool is_resized = change.before.name == change.after.name && change.after.size > 0 &&
                          change.before.size > 0 && change.before.size != change.after.size;
  if (is_resized) {
    return "has " + std::to_string(change.after.size) + " elements, and had " +
           std::to_string(change.before.size);
  }
  return change.before.name == change.after.name && change.before.kind == change.after.kind
             ? "has its fields in another order"
             : "was " + describe(change.before);
}

std::string reason_of(const StateChange& change) {
  return "its state (" + describe(change.after) + ") " + describe(change);
}

}  // namespace relup::facts
