// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a module's source says, as far as its debug information (the Dbgi chunk) still tells: its
// records or its struct, and its functions as expressions. Erlang keeps its abstract code, Elixir
// its expanded definitions; here both read alike. A module that was stripped, encrypted or compiled
// without debug information has none. Reading never fails: a form that is not understood is an
// expression of kind `other`.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "beam/beam_file.hpp"

namespace relup::beam {

struct Expression {
  enum class Kind {
    literal,    // `value`
    variable,   // `name`
    tuple,      // `parts`
    list,       // `parts`; a tail that is no list is left out
    map,        // made anew: keys and values by turns in `parts`, atom keys in `fields`
    record,     // `name`; `fields` and their values in `parts`, of an update only what it sets
    structure,  // an Elixir struct, `name` its module; else as a record
    match,      // pattern and value in `parts`
    call,       // `name` of `module`, or of this one; arguments in `parts`
    sequence,   // `parts`, the last one is its value
    choice,     // each of `parts` may be its value
    other,
  };
  Kind kind = Kind::other;
  Term value;
  std::string name;
  std::optional<std::string> module;
  std::vector<std::string> fields;
  std::vector<Expression> parts;
  Term form;  // as the debug information has it

  bool is_atom(std::string_view atom) const;
};

struct Clause {
  std::vector<Expression> patterns;
  Expression body;
};

struct SourceFunction {
  std::string name;
  unsigned arity = 0;
  std::vector<Clause> clauses;
};

using FieldNames = std::vector<std::string>;

struct SourceCode {
  std::map<std::string, FieldNames> records;  // in the order of the tuple
  std::optional<FieldNames> structure;        // of the struct that the module defines, sorted
  std::vector<SourceFunction> functions;

  const SourceFunction* find(std::string_view name, unsigned arity) const;
};

std::optional<SourceCode> read_source_code(const BeamFile& file);

// Whether the atom `name` stands anywhere in `term`.
bool mentions(const Term& term, Atom name);

}  // namespace relup::beam
