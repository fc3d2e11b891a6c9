// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two languages that debug information is written in, made into expressions: Erlang's abstract
// format (ERTS User's Guide, "The Abstract Format"), and the expanded definitions that Elixir 1.6
// and later keep (`elixir_v1`).

#include "beam/source/source_code.hpp"

namespace relup::beam {

// Of a form {function, Anno, Name, Arity, Clauses}, and of a definition {{Name, Arity}, Kind, Meta,
// Clauses}. What is not understood has no clauses.
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
// Every element of a proper list, as `read` has it.
std::vector<Expression> read_each(const Term& list, Expression (*read)(const Term&));

}  // namespace relup::beam
