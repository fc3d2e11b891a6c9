// SPDX-License-Identifier: Apache-2.0
#pragma once

// The functions of a compiled module, each as what call_graph.hpp asks of it: whom it calls, where
// it waits, which way it may take from one to the other. Read from the Code chunk, so a stripped
// module tells it too. A damaged file is an Error (bad_input); code of an OTP that is newer than
// this program is read as far as it is known.

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "beam/file/beam_file.hpp"

namespace relup::beam {

// One instruction that matters. Where nothing else is said, the next step follows it.
struct CodeStep {
  enum class Kind : std::uint8_t {
    branch,         // may also go on at any of `jumps`
    jump,           // goes on at one of `jumps` only
    stop,           // raises an exception
    returns,        // to the caller
    waits,          // for a message
    local_call,     // of functions[called]
    external_call,  // of imports[called]
    apply,          // of a module that is known when it runs
  };
  Kind kind = Kind::branch;
  bool is_tail = false;    // of a call: nothing of this function is left when it begins
  std::size_t called = 0;  // in `functions` or `imports`
  // The atoms that are surely the first arguments of an external call.
  std::array<std::optional<Atom>, 4> arguments = {};
  // Where it starts a process: how many elements those of them have that are surely lists.
  std::array<std::optional<unsigned>, 4> list_lengths = {};
  std::vector<std::size_t> jumps = {};  // as indices of steps
};

struct MadeFun {
  std::size_t function = 0;  // whose code it runs
  unsigned arity = 0;        // as it is called
};

struct FunctionCode {
  Atom name;
  unsigned arity = 0;
  bool is_exported = false;
  std::vector<CodeStep> steps = {};
  std::vector<MadeFun> funs = {};
};

struct ModuleCode {
  Atom module;
  std::vector<Import> imports;
  std::vector<FunctionCode> functions;  // in the order of the code
  bool is_complete = false;             // whether all of it could be read
};

ModuleCode read_module_code(const BeamFile& file);

}  // namespace relup::beam
