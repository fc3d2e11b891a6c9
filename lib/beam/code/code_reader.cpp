// SPDX-License-Identifier: Apache-2.0
//
// The Code chunk is a header, whose own size is its first field, and then instructions: one byte of
// opcode and as many operands as that opcode has. An operand begins with a tag in its low three
// bits. The number after it is written in the upper four bits of the same byte, in eleven bits of
// two bytes, or in as many bytes as the upper bits say (from two on; all ones announce a length
// that is an operand itself). A seventh tag leads to the compound ones: lists, float registers,
// allocation lists, literals and registers with a type.

#include "beam/code/code_reader.hpp"

#include <array>

#include "base/error.hpp"

namespace relup::beam {
namespace {

// How many operands an opcode has, from 1 on: those of OTP 25 as `beam_opcodes:opname/1` tells
// them, then update_record, bs_match (OTP 26), executable_line (27), debug_line (28).
constexpr auto operand_counts = std::to_array<std::uint8_t>(
    {1, 3, 0, 2, 3, 2, 2, 3, 2, 4, 5, 2, 3, 2, 3, 2, 1, 1, 0, 0, 0, 0, 2, 1, 1, 2, 4, 4, 4, 4, 4,
     4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 1, 2,
     1, 2, 3, 3, 3, 3, 3, 2, 1, 1, 0, 1, 1, 3, 2, 2, 2, 5, 5, 5, 4, 2, 1, 1, 2, 2, 5, 5, 5, 2, 1,
     0, 1, 2, 2, 4, 4, 4, 4, 3, 1, 2, 1, 1, 1, 2, 6, 3, 5, 1, 2, 2, 3, 5, 7, 7, 7, 5, 3, 2, 2, 5,
     6, 2, 2, 2, 2, 1, 3, 4, 0, 8, 6, 2, 6, 5, 4, 5, 4, 5, 4, 3, 3, 3, 3, 3, 0, 1, 1, 7, 1, 5, 5,
     2, 3, 3, 4, 0, 0, 2, 2, 2, 3, 4, 3, 2, 2, 4, 3, 1, 2, 1, 1, 1, 6, 3, 0, 1, 5, 3, 2, 4});

constexpr unsigned deepest = 8;           // lists in lists; the compiler needs one
constexpr std::size_t longest_value = 8;  // bytes; what is longer is no value that relup looks at

const Chunk& code_chunk(const BeamFile& file) {
  const Chunk* chunk = file.find("Code");
  if (chunk == nullptr) ChunkReader(file.name(), "", 0, "").fail("has no Code chunk");
  return *chunk;
}

}  // namespace

CodeReader::CodeReader(const BeamFile& file) : reader_(ChunkReader::of(file, code_chunk(file))) {
  const std::uint32_t header = reader_.u32();
  reader_.take(header);
}

std::optional<CodeInstruction> CodeReader::next() {
  if (reader_.remaining() == 0) return std::nullopt;
  const unsigned opcode = reader_.u8();
  if (opcode == 0 || opcode > operand_counts.size()) {
    reader_.take(reader_.remaining());  // the end, for whoever asks again
    return std::nullopt;
  }
  CodeInstruction instruction{static_cast<Opcode>(opcode), {}};
  instruction.operands.reserve(operand_counts[opcode - 1]);
  for (unsigned i = 0; i < operand_counts[opcode - 1]; ++i)
    instruction.operands.push_back(operand());
  return instruction;
}

Operand CodeReader::operand(unsigned depth) {
  using Kind = Operand::Kind;
  static constexpr auto kinds = std::to_array<Kind>(
      {Kind::number, Kind::integer, Kind::atom, Kind::x, Kind::y, Kind::label, Kind::character});
  const unsigned lead = reader_.u8();
  const unsigned tag = lead & 7U;
  if (tag == kinds.size()) return extended_operand(lead, depth);
  return {kinds[tag], value(lead, kinds[tag] == Kind::integer), {}};
}

Operand CodeReader::extended_operand(unsigned lead, unsigned depth) {
  using Kind = Operand::Kind;
  if (depth == deepest) reader_.fail("operands are nested too deeply");
  switch (lead >> 4U) {
    case 1: {
      Operand list{Kind::list, 0, {}};
      for (std::int64_t left = count(); left > 0; --left)
        list.elements.push_back(operand(depth + 1));
      return list;
    }
    case 2:
      return {Kind::float_register, count(), {}};
    case 3: {
      for (std::int64_t left = 2 * count(); left > 0; --left)
        count();
      return {Kind::allocation, 0, {}};
    }
    case 4:
      return {Kind::literal, count(), {}};
    case 5: {
      Operand typed = operand(depth + 1);
      count();
      return typed;
    }
    default:
      reader_.fail("has an operand of an unknown kind");
  }
}

// A plain number that stands inside an operand.
std::int64_t CodeReader::count() {
  return in_range(value(reader_.u8(), false));
}

// A length that announces its own length, and so on to the end of the chunk, would fill the stack.
std::int64_t CodeReader::length() {
  const unsigned lead = reader_.u8();
  if (lead >= 0xF8U) reader_.fail("has a length of a length");
  return in_range(value(lead, false));
}

std::int64_t CodeReader::in_range(std::int64_t number) const {
  if (number < 0 || number > INT32_MAX) reader_.fail("has a count out of range");
  return number;
}

std::int64_t CodeReader::value(unsigned lead, bool is_signed) {
  if ((lead & 0x08U) == 0) return lead >> 4U;
  if ((lead & 0x10U) == 0) return static_cast<std::int64_t>((lead & 0xE0U) << 3U) | reader_.u8();
  std::size_t size = (lead >> 5U) + 2;
  if (size == 9) size += static_cast<std::size_t>(length());
  const std::string_view bytes = reader_.take(size);
  if (size > longest_value) return 0;
  const bool is_negative = is_signed && (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0;
  std::uint64_t number = is_negative ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes)
    number = (number << 8U) | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number);
}

}  // namespace relup::beam
