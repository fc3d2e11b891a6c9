// SPDX-License-Identifier: Apache-2.0
#pragma once

// What relup wants to know of one compiled module: who it is, what it offers, whom it calls, what
// kind of process runs it. All of it is read from chunks that even a stripped module has.

#include <string>
#include <vector>

#include "beam/beam_file.hpp"
#include "beam/code_identity.hpp"

namespace relup::diff {

struct FunctionName {
  Atom name;
  unsigned arity = 0;
  auto operator<=>(const FunctionName&) const = default;
};

struct ModuleFacts {
  Atom module;
  beam::CodeIdentity identity;
  std::vector<FunctionName> exports;  // sorted
  std::vector<beam::Import> imports;
  std::vector<Atom> behaviours;

  bool exports_function(std::string_view name, unsigned arity) const;
};

// `file` names the module in messages, `bytes` are those of the .beam file. A file that is damaged
// is an Error (bad_input).
ModuleFacts read_module_facts(const std::string& file, std::string bytes);

// Why the code of two modules differs: exports that came or went, code, literals, attributes.
std::vector<std::string> reasons_of_change(const ModuleFacts& before, const ModuleFacts& after);

}  // namespace relup::diff
