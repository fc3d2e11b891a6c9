// SPDX-License-Identifier: Apache-2.0
#pragma once

// What relup wants to know of one compiled module: who it is, what it offers, whom it calls, what
// kind of process runs it. All of it is read from chunks that even a stripped module has, but for
// the debug information, which is read when it is first asked for.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "beam/file/beam_file.hpp"
#include "beam/file/code_identity.hpp"
#include "beam/source/module_source.hpp"

namespace relup::facts {

struct FunctionName {
  Atom name;
  unsigned arity = 0;
  auto operator<=>(const FunctionName&) const = default;
};

struct ModuleFacts {
  Atom module;
  std::vector<FunctionName> exports;  // sorted
  std::vector<beam::Import> imports;
  std::vector<Atom> behaviours;
  // Whether code_change (system_code_change in a special process) surely keeps the state as it is.
  bool keeps_state = false;
  // The fields of the struct that the module defines; none where it defines none.
  std::optional<beam::FieldNames> structure = std::nullopt;
  // Modules that the code knows by name, where it looks at structs at all: whose structs it may
  // use.
  std::vector<Atom> known_structures = {};  // sorted
  std::shared_ptr<const beam::ModuleSource> module_source = nullptr;

  // Of a process, a supervisor and an Elixir module; null for others, and without debug
  // information.
  const beam::SourceCode* source() const;
  // The source, or else what compiled code tells of its straight functions. Null where nobody may
  // read the file again.
  const beam::SourceCode* functions() const;
  // The structs, by the names of their modules, that the module uses; without debug information, or
  // with too much of it, those that it may use.
  std::set<std::string> used_structures() const;
  // Records that a header defines and the module uses.
  const beam::RecordDefinitions& header_records() const;

  bool exports_function(std::string_view name, unsigned arity) const;
  bool has_behaviour(std::string_view name) const;
  bool calls(std::string_view called, std::string_view function, unsigned arity) const;
};

bool is_supervisor(const ModuleFacts& facts);

// Whether the module loads a native library into itself (erlang:load_nif/2).
bool loads_library(const ModuleFacts& facts);

// Where the state stands in the answer of init/1: 1 for `{ok, State}`, 2 for `{ok, Name, Data}`; 0
// for a module without a behaviour that has a state.
unsigned state_position(const ModuleFacts& facts);

// The callback that takes the state of a live process over, and which of its arguments, from 0, it
// hands back after `ok` where nothing has to change. None for a module that is no process or
// exports no such callback.
struct StateCallback {
  std::string_view name;
  unsigned arity = 3;
  unsigned first = 1;
  unsigned count = 1;
};
std::optional<StateCallback> state_callback(const ModuleFacts& facts);

// A damaged file is an Error (bad_input).
ModuleFacts read_module_facts(const beam::BeamFile& beam);

// Why the code of two modules differs: exports that came or went, code, literals, attributes.
std::vector<std::string> reasons_of_change(const ModuleFacts& before, const ModuleFacts& after,
                                           const beam::CodeDifference& difference);

}  // namespace relup::facts
