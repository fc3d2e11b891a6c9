// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads big-endian fields from the front of a byte range and knows where it is: reading past the
// end is an Error (bad_input) that names the file, the chunk and the byte.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace relup::beam {

class BeamFile;
struct Chunk;

class ChunkReader {
 public:
  // `data` begins at byte `offset` of the file; both strings must outlive the reader. An empty
  // `chunk` means the container around the chunks.
  ChunkReader(const std::string& file, std::string_view chunk, std::size_t offset,
              std::string_view data)
      : file_(&file), chunk_(chunk), offset_(offset), data_(data) {}

  // Reads the data of a chunk.
  static ChunkReader of(const BeamFile& file, const Chunk& chunk);

  std::uint8_t u8();
  std::uint32_t u32();
  std::string_view take(std::size_t size);
  std::size_t remaining() const { return data_.size(); }
  std::size_t offset() const { return offset_; }

  // A count of entries of at least `entry_size` bytes each, checked against what is there, so that
  // a damaged count does not reserve memory.
  std::size_t count(std::uint32_t claimed, std::size_t entry_size) const;

  [[noreturn]] void fail(const std::string& what) const;

 private:
  const std::string* file_;
  std::string_view chunk_;
  std::size_t offset_;
  std::string_view data_;
};

}  // namespace relup::beam
