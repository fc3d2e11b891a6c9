// SPDX-License-Identifier: Apache-2.0
#pragma once

// The instructions of a compiled module, one after the other, as the compiler wrote them (the
// generic instruction set of lib/compiler/src/genop.tab, not what the loader makes of it). Reading
// stops at the first instruction that this version of relup does not know: what follows cannot be
// cut into instructions then. What is cut off or damaged is an Error (bad_input).

#include <cstdint>
#include <optional>
#include <vector>

#include "beam/beam_file.hpp"
#include "beam/chunk_reader.hpp"

namespace relup::beam {

// Those that relup looks for; the numbers are part of the file format and never change.
enum class Opcode : std::uint8_t {
  label = 1,
  func_info = 2,
  test_heap = 16,
  return_from = 19,
  move = 64,
  line = 153,
  put_tuple2 = 164,
  swap = 169,
  executable_line = 183,
  debug_line = 184,
};

struct Operand {
  enum class Kind : std::uint8_t {
    number,   // a count or an index
    integer,  // a term
    atom,     // its number in the atom table, 0 for []
    x,
    y,
    label,
    character,
    list,  // of `elements`
    float_register,
    allocation,
    literal,  // its number in the literal table
  };
  Kind kind = Kind::number;
  std::int64_t value = 0;
  std::vector<Operand> elements;
};

struct CodeInstruction {
  Opcode opcode = Opcode::label;
  std::vector<Operand> operands;
};

class CodeReader {
 public:
  // `file` must outlive the reader.
  explicit CodeReader(const BeamFile& file);

  // None at the end, and at an instruction of a later OTP.
  std::optional<CodeInstruction> next();

 private:
  Operand operand(unsigned depth = 0);
  Operand extended_operand(unsigned lead, unsigned depth);
  std::int64_t value(unsigned lead, bool is_signed);
  std::int64_t count();

  ChunkReader reader_;
};

}  // namespace relup::beam
