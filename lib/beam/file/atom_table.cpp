// SPDX-License-Identifier: Apache-2.0
//
// The AtU8 chunk (UTF-8) or, before OTP 20, the Atom chunk (Latin-1): a count, then names, each
// after its length. The length is one byte; from OTP 28 on a negative count announces lengths in
// the operand format of the loader instead, whose low three bits are a tag: with bit 3 clear the
// upper four bits are the length, with bit 3 set and bit 4 clear the upper three bits and the next
// byte are.

#include "beam/file/atom_table.hpp"

#include "term/utf8.hpp"

namespace relup::beam {
namespace {

const Chunk& atom_chunk(const BeamFile& file) {
  const Chunk* chunk = file.find("AtU8");
  if (chunk == nullptr) chunk = file.find("Atom");
  if (chunk == nullptr) {
    ChunkReader(file.name(), "", 0, "").fail("has neither an AtU8 nor an Atom chunk");
  }
  return *chunk;
}

// The length that the operand format writes with `lead` in front.
std::size_t take_operand(ChunkReader& reader, unsigned lead) {
  constexpr unsigned tag_bits = 0x07;
  constexpr unsigned two_bytes = 0x08;
  constexpr unsigned more_bytes = 0x10;
  if ((lead & tag_bits) != 0 || (lead & (two_bytes | more_bytes)) == (two_bytes | more_bytes)) {
    reader.fail("the length of an atom is malformed");
  }
  return (lead & two_bytes) == 0 ? lead >> 4U : ((lead >> 5U) << 8U) | reader.u8();
}

}  // namespace

AtomTable::AtomTable(const BeamFile& file)
    : entries_(ChunkReader::of(file, atom_chunk(file))),
      is_latin1_(atom_chunk(file).name() == "Atom") {
  std::uint32_t count = entries_.u32();
  if (count > INT32_MAX) {
    has_long_lengths_ = true;
    count = 0U - count;
  }
  size_ = entries_.count(count, 1);
  if (size_ == 0) entries_.fail("holds no atom, not even the module's name");
}

Atom AtomTable::first() const {
  ChunkReader reader = entries_;
  return intern(take_name(reader));
}

std::vector<std::string_view> AtomTable::names() const {
  ChunkReader reader = entries_;
  std::vector<std::string_view> names;
  names.reserve(size_);
  for (std::size_t i = 0; i < size_; ++i)
    names.push_back(take_name(reader));
  return names;
}

std::string_view AtomTable::take_name(ChunkReader& reader) const {
  std::size_t length = reader.u8();
  if (has_long_lengths_) length = take_operand(reader, static_cast<unsigned>(length));
  const std::string_view name = reader.take(length);
  if (!is_latin1_ && !is_valid_utf8(name)) reader.fail("the name of an atom is not UTF-8");
  return name;
}

Atom AtomTable::intern(std::string_view raw) const {
  return is_latin1_ ? Atom(latin1_to_utf8(raw)) : Atom(raw);
}

}  // namespace relup::beam
