// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two languages that debug information is written in, made into expressions: Erlang's abstract
// format (ERTS User's Guide, "The Abstract Format"), and the expanded definitions that Elixir 1.6
// and later keep (`elixir_v1`).

#include "beam/source/source_code.hpp"

namespace relup::beam {

// Of a form {function, Anno, Name, Arity, Clauses}, and of a definition {{Name, Arity}, Kind, Meta,
// Clauses}. What is not understood has no clauses. Expressions that nest too deeply for us are left
// out.
SourceFunction read_erlang_function(const Term& form);
SourceFunction read_elixir_function(const Term& definition);

// The fields of {Name, Fields} in `-record(Name, Fields)`.
FieldNames read_record_fields(const Term& fields);

// Parts of forms. None or null where the form is another one.
const Term::Elements* tuple_of(const Term& form, std::size_t size);
const Term* map_value(const Term& map, std::string_view key);
// The elements of a proper list, none for anything else.
const Term::Elements& elements_of(const Term& list);
std::string name_of(const Term& atom);  // "" of anything but an atom

Expression make_expression(Expression::Kind kind, const Term& form);
Expression make_literal(const Term& value, const Term& form);
Expression make_variable(const Term& name, const Term& form);

// Reads expressions by recursion, but not deeper than the stack of a thread allows.
template <typename Language>
class ExpressionReader {
 public:
  Expression read(const Term& form) {
    if (depth_ == deepest) {
      extent_ = Extent::part;
      return make_expression(Expression::Kind::other, form);
    }
    ++depth_;
    Expression expression = static_cast<Language*>(this)->read_here(form);
    --depth_;
    return expression;
  }
  // Every element of a proper list.
  std::vector<Expression> read_each(const Term& list) {
    std::vector<Expression> parts;
    parts.reserve(elements_of(list).size());
    for (const Term& element : elements_of(list))
      parts.push_back(read(element));
    return parts;
  }
  Extent extent() const { return extent_; }

 private:
  static constexpr std::size_t deepest = 500;

  std::size_t depth_ = 0;
  Extent extent_ = Extent::whole;
};

}  // namespace relup::beam
