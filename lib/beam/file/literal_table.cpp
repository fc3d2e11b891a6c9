// SPDX-License-Identifier: Apache-2.0
//
// The chunk is the unpacked size and then the table, packed with zlib; from OTP 28 on a size of 0
// says that the table is not packed. The table is a count, then each literal after its own size.

#include "beam/file/literal_table.hpp"

#include <zlib.h>

#include "beam/file/chunk_reader.hpp"
#include "term/external.hpp"

namespace relup::beam {
namespace {

constexpr std::uint32_t most_unpacked = 256U << 20U;

std::string unpack(ChunkReader& reader) {
  const std::uint32_t size = reader.u32();
  const std::string_view packed = reader.take(reader.remaining());
  if (size == 0) return std::string(packed);
  if (size > most_unpacked) reader.fail("unpacks to " + std::to_string(size) + " bytes");
  std::string table(size, '\0');
  uLongf filled = size;
  const int result = ::uncompress(reinterpret_cast<Bytef*>(table.data()), &filled,
                                  reinterpret_cast<const Bytef*>(packed.data()),
                                  static_cast<uLong>(packed.size()));
  if (result != Z_OK || filled != size) reader.fail("its zlib data are damaged");
  return table;
}

}  // namespace

void LiteralTable::read() {
  const Chunk* chunk = file_.find("LitT");
  if (chunk == nullptr) ChunkReader(file_.name(), "", 0, "").fail("has no LitT chunk");
  ChunkReader packed = ChunkReader::of(file_, *chunk);
  table_ = unpack(packed);
  ChunkReader reader(file_.name(), "LitT", 0, *table_);
  const std::uint32_t claimed = reader.u32();
  for (std::size_t left = reader.count(claimed, sizeof(std::uint32_t)); left > 0; --left)
    literals_.push_back(reader.take(reader.u32()));
}

Term LiteralTable::at(std::size_t number) {
  return decode_external(bytes(number));
}

std::string_view LiteralTable::bytes(std::size_t number) {
  if (!table_) read();
  if (number >= literals_.size()) {
    ChunkReader(file_.name(), "LitT", 0, "")
        .fail("has no literal " + std::to_string(number) + ", but " +
              std::to_string(literals_.size()));
  }
  return literals_[number];
}

}  // namespace relup::beam
