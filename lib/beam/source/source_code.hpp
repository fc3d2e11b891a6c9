// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a module's source says, as far as its debug information (the Dbgi chunk) still tells: its
// records, and its functions as expressions. Erlang keeps its abstract code, Elixir
// its expanded definitions; here both read alike. A module that was stripped, encrypted or compiled
// without debug information has none. Reading never fails: a form that is not understood is an
// expression of kind `other`. Nor does it take more memory or stack than fixed bounds allow: what
// is too large or nests too deeply is left out, and extent() says so.

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
    match,      // pattern and value in `parts`, always both
    call,       // `name` of `module`, or of this one; arguments in `parts`
    sequence,   // `parts`, the last one is its value
    choice,     // each of `parts` may be its value
    other,
  };
  Kind kind = Kind::other;
  Term value;
  std::string name;
  // Of a variable in Elixir, where one name may be bound again and again: which of them it is.
  std::optional<std::int64_t> version;
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

// How much of something was read.
enum class Extent {
  whole,
  part,  // what is missing is too large, or nests too deeply; in its place is `other`, or nothing
  nothing,  // it is too large altogether
};

struct SourceFunction {
  std::string name;
  unsigned arity = 0;
  std::vector<Clause> clauses;  // none where it was not understood
  Extent extent = Extent::whole;
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
  SourceCode(std::map<Name, SourceFunction> functions, Extent extent)
      : extent_(extent), read_(std::move(functions)) {}
  // Of debug information that is too large.
  static SourceCode unread() { return {{}, Extent::nothing}; }

  std::optional<RecordDefinition> record(const std::string& name) const;
  // Null when there is no such function, or it is too large.
  const SourceFunction* find(std::string_view name, unsigned arity) const;
  // The structs, by the names of their modules, that any function makes, changes or matches. None
  // where that is too large to be read.
  std::optional<std::set<std::string>> used_structures() const;
  // Of what was asked for until now.
  Extent extent() const { return extent_; }

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

  std::optional<Term> form_at(const Place& place, std::size_t& terms_left) const;

  std::string bytes_;
  mutable Extent extent_ = Extent::whole;
  mutable std::size_t terms_left_ = 250'000;  // that may still be made into expressions
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
