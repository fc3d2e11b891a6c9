// SPDX-License-Identifier: Apache-2.0
#pragma once

// The instructions of a compiled module, one after the other, as the compiler wrote them (the
// generic instruction set of lib/compiler/src/genop.tab, not what the loader makes of it). Reading
// stops at the first instruction that this version of relup does not know: what follows cannot be
// cut into instructions then. What is cut off or damaged is an Error (bad_input).

#include <cstdint>
#include <optional>
#include <vector>

#include "beam/file/beam_file.hpp"
#include "beam/file/chunk_reader.hpp"

namespace relup::beam {

// Those that relup looks for; the numbers are part of the file format and never change.
enum class Opcode : std::uint8_t {
  label = 1,
  func_info = 2,
  int_code_end = 3,
  call = 4,
  call_last = 5,
  call_only = 6,
  call_ext = 7,
  call_ext_last = 8,
  bif0 = 9,
  bif1 = 10,
  bif2 = 11,
  allocate = 12,
  allocate_heap = 13,
  test_heap = 16,
  deallocate = 18,
  return_from = 19,
  send = 20,
  loop_rec = 23,
  loop_rec_end = 24,
  wait = 25,
  wait_timeout = 26,
  is_lt = 39,  // the first of the tests of values, which stand side by side
  is_eq_exact = 43,
  test_arity = 58,  // the last of them
  select_val = 59,
  select_tuple_arity = 60,
  jump = 61,
  catch_end = 63,
  move = 64,
  get_list = 65,
  get_tuple_element = 66,
  set_tuple_element = 67,
  put_list = 69,
  badmatch = 72,
  if_end = 73,
  case_end = 74,
  call_fun = 75,
  is_function = 77,
  call_ext_only = 78,
  make_fun2 = 103,
  try_case = 106,
  try_case_end = 107,
  raise = 108,
  apply = 112,
  apply_last = 113,
  is_boolean = 114,
  is_function2 = 115,
  gc_bif1 = 124,
  gc_bif2 = 125,
  is_bitstr = 129,
  trim = 136,
  on_load = 149,
  gc_bif3 = 152,
  line = 153,
  put_map_assoc = 154,
  put_map_exact = 155,
  is_map = 156,
  has_map_fields = 157,
  get_map_elements = 158,
  is_tagged_tuple = 159,
  raw_raise = 161,
  get_hd = 162,
  get_tl = 163,
  put_tuple2 = 164,
  swap = 169,
  make_fun3 = 171,
  init_yregs = 172,
  call_fun2 = 178,
  badrecord = 180,
  update_record = 181,
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
  std::int64_t length();
  std::int64_t in_range(std::int64_t number) const;

  ChunkReader reader_;
};

}  // namespace relup::beam
