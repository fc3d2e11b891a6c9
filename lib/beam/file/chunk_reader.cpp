// SPDX-License-Identifier: Apache-2.0
#include "beam/file/chunk_reader.hpp"

#include "base/error.hpp"
#include "beam/file/beam_file.hpp"

namespace relup::beam {
namespace {

std::string printable(std::string_view chunk) {
  std::string text;
  for (const char byte : chunk)
    text += byte >= ' ' && byte <= '~' ? byte : '?';
  return text;
}

}  // namespace

ChunkReader ChunkReader::of(const BeamFile& file, const Chunk& chunk) {
  return {file.name(), chunk.name(), chunk.offset, file.data(chunk)};
}

std::uint8_t ChunkReader::u8() {
  return static_cast<std::uint8_t>(take(1).front());
}

std::uint32_t ChunkReader::u32() {
  std::uint32_t value = 0;
  for (const char byte : take(4))
    value = (value << 8U) | static_cast<unsigned char>(byte);
  return value;
}

std::string_view ChunkReader::take(std::size_t size) {
  if (size > data_.size()) {
    fail("needs " + std::to_string(size) + " more bytes, but only " + std::to_string(data_.size()) +
         " are left");
  }
  const std::string_view taken = data_.substr(0, size);
  data_.remove_prefix(size);
  offset_ += size;
  return taken;
}

std::size_t ChunkReader::count(std::uint32_t claimed, std::size_t entry_size) const {
  if (claimed > data_.size() / entry_size) {
    fail("claims " + std::to_string(claimed) + " entries, but only " +
         std::to_string(data_.size()) + " bytes are left");
  }
  return claimed;
}

void ChunkReader::fail(const std::string& what) const {
  const std::string chunk = chunk_.empty() ? "" : "chunk " + printable(chunk_) + ", ";
  throw Error(ErrorCode::bad_input, *file_ + ": not a sound BEAM file: " + chunk + "byte " +
                                        std::to_string(offset_) + ": " + what);
}

}  // namespace relup::beam
