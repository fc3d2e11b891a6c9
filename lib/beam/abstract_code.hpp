// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two forms that debug information comes in, made into SourceCode.

#include "beam/source_code.hpp"

namespace relup::beam {

// Erlang's abstract format (ERTS User's Guide, "The Abstract Format"): a list of forms.
SourceCode from_erlang_forms(const Term& forms);

// The map that Elixir 1.6 and later keep (`elixir_v1`), with expanded definitions.
SourceCode from_elixir_definitions(const Term& definitions);

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
