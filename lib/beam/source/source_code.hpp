// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a module's source says, as far as its debug information (the Dbgi chunk) still tells: its
// records, and its functions as expressions. Erlang keeps its abstract code, Elixir
// its expanded definitions; here both read alike. A module that was stripped, encrypted or compiled
// without debug information has none. Reading never fails: a form that is not understood is an
// expression of kind `other`.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "beam/file/beam_file.hpp"

namespace relup::beam {

struct Expression {
  enum class Kind {
    literal,    // `value`
    variable,   // `name`
    tuple,      // `parts`
    list,       // `parts`; one whose tail is not [] is `other`
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
  bool has_guard = false;
};

struct SourceFunction {
  std::string name;
  unsigned arity = 0;
  std::vector<Clause> clauses;
};

using FieldNames = std::vector<std::string>;

struct RecordDefinition {
  FieldNames fields;   // in the order of the tuple
  std::string header;  // the name of the .hrl file that defines it; empty for the module's own
  bool operator==(const RecordDefinition&) const = default;
};
using RecordDefinitions = std::map<std::string, RecordDefinition>;

// A function is read when somebody first asks for it, for debug information is most of a file and
// few functions are asked for. Not for several threads at once.
class SourceCode {
 public:
  using Name = std::pair<std::string, unsigned>;

  SourceCode() = default;
  // Of functions that were read from something else than debug information.
  explicit SourceCode(std::map<Name, SourceFunction> functions) : read_(std::move(functions)) {}

  std::optional<RecordDefinition> record(const std::string& name) const;
  // Null when there is no such function.
  const SourceFunction* find(std::string_view name, unsigned arity) const;
  // The structs, by the names of their modules, that any function makes, changes or matches.
  std::set<std::string> used_structures() const;

 private:
  friend class SourceReader;
  struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  struct RecordPlace {
    Place fields;
    std::string header;
  };

  Term form_at(const Place& place) const;

  std::string bytes_;
  SourceFunction (*read_function_)(const Term& form) = nullptr;
  std::map<Name, Place> places_;
  std::map<std::string, RecordPlace, std::less<>> records_;
  mutable std::map<Name, SourceFunction> read_;
};

std::optional<SourceCode> read_source_code(const BeamFile& file);

// The records that headers define and whose names the module's code knows, as far as they stand in
// front of the first function: they alone, without the time that all of the debug information
// takes. None without debug information.
RecordDefinitions read_header_records(const BeamFile& file);

// Whether the atom `name` stands anywhere in `term`.
bool mentions(const Term& term, Atom name);

}  // namespace relup::beam
