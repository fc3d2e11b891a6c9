// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the elements of a list of children say: id, start, and what the supervisor does with each.
// Of a list that cannot be seen through, or an element without a literal id, nothing is told.

#include <optional>
#include <string_view>
#include <vector>

#include "facts/children.hpp"

namespace relup::facts {

class ChildReader {
 public:
  using Value = Evaluator::Value;

  // `evaluator` must outlive the reader.
  explicit ChildReader(Evaluator& evaluator) : evaluator_(evaluator) {}

  // The children in the one list that `expression` evaluates to.
  std::optional<std::vector<Child>> read_list(const Value& expression) const;

  // The child that one expression describes.
  std::optional<Child> read_child(const Value& expression) const;

  // The value of `key` in a literal list of pairs.
  std::optional<Term> option(const Value& options, std::string_view key) const;

 private:
  void read_parts(const Value& specification, Child& child) const;
  void read_overridden(const Value& call, Child& child) const;
  void read_modules(const Value& modules, Child& child) const;
  void read_start(const Value& start, Child& child) const;
  void read_settings(const Value& specification, Child& child) const;
  std::optional<Term> read_id(Value child) const;
  std::optional<Term> id_of_specification(const Value& child) const;
  std::optional<Term> id_by_module(const Value& pair) const;

  Evaluator& evaluator_;
};

// The value of an atom key in a map that is made anew; null where it has none.
const beam::Expression* value_of_key(const beam::Expression& map, std::string_view name);

}  // namespace relup::facts
