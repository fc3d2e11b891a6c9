// SPDX-License-Identifier: Apache-2.0
//
// The input is cut into blocks of one size, which libdeflate packs each by itself. What it gives is
// a whole deflate stream; to join several into one, the mark of the last block in it must go, and
// it must end at a byte. The mark is a bit at the beginning of that block, which lies anywhere:
// zlib finds it by unpacking, several times as fast as packing was. A deflate block without
// content, "stored", fills up to the next byte. So all the streams stand one after the other, and
// an empty last block ends them.

#include "base/gzip_writer.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <libdeflate.h>
#include <zlib.h>

#include "base/error.hpp"
#include "base/parallel.hpp"

namespace relup {
namespace {

constexpr std::size_t block_size = 1U << 20U;
constexpr std::size_t blocks_at_once = 8;
constexpr int level = 5;  // smaller than zlib's 6, at a third of the time

using namespace std::string_view_literals;
constexpr std::string_view header = "\x1f\x8b\x08\0\0\0\0\0\0\xff"sv;
constexpr std::string_view empty_stored_block = "\0\0\xff\xff"sv;  // after its three bits
constexpr std::string_view empty_last_block = "\x03\0"sv;

struct PackedBlock {
  std::string bytes;
  std::uint32_t checksum = 0;
};

std::string deflated(const std::string& block) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(level), libdeflate_free_compressor);
  if (!compressor) throw std::bad_alloc();
  std::string packed(libdeflate_deflate_compress_bound(compressor.get(), block.size()), '\0');
  packed.resize(libdeflate_deflate_compress(compressor.get(), block.data(), block.size(),
                                            packed.data(), packed.size()));
  if (packed.empty()) throw Error(ErrorCode::bug, "libdeflate does not pack");
  return packed;
}

// Walks over the deflate blocks of a stream.
class BlockWalk {
 public:
  explicit BlockWalk(std::string& bytes) : bytes_(bytes) {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    stream_.next_in = reinterpret_cast<Bytef*>(bytes_.data());
    stream_.avail_in = static_cast<uInt>(bytes_.size());
  }
  BlockWalk(const BlockWalk&) = delete;
  BlockWalk& operator=(const BlockWalk&) = delete;
  ~BlockWalk() { inflateEnd(&stream_); }

  // Takes the mark away; how many bits of the last byte are free.
  int unmark_last_block() {
    char* marked = bytes_.data();
    unsigned mark = 1;
    int free_bits = 0;
    while ((static_cast<unsigned char>(*marked) & mark) == 0) {
      free_bits = go_to_block_end();
      marked = reinterpret_cast<char*>(stream_.next_in) - (free_bits > 0 ? 1 : 0);
      mark = free_bits > 0 ? 0x100U >> static_cast<unsigned>(free_bits) : 1U;
    }
    free_bits = go_to_block_end();
    *marked = static_cast<char>(static_cast<unsigned char>(*marked) & ~mark);
    return free_bits;
  }

 private:
  int go_to_block_end() {
    constexpr int at_block_end = 128;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(unpacked_.data());
      stream_.avail_out = static_cast<uInt>(unpacked_.size());
      if (inflate(&stream_, Z_BLOCK) != Z_OK) throw Error(ErrorCode::bug, "zlib stumbles");
    } while ((stream_.data_type & at_block_end) == 0);
    return stream_.data_type & 7;
  }

  std::string& bytes_;
  z_stream stream_{};
  std::array<char, 64U << 10U> unpacked_{};
};

PackedBlock pack(const std::string& block) {
  PackedBlock packed{deflated(block), libdeflate_crc32(0, block.data(), block.size())};
  constexpr int block_header_bits = 3;
  if (BlockWalk(packed.bytes).unmark_last_block() < block_header_bits) packed.bytes += '\0';
  packed.bytes += empty_stored_block;
  return packed;
}

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes += static_cast<char>(value >> shift);
  return bytes;
}

}  // namespace

GzipWriter::GzipWriter(Sink sink) : sink_(std::move(sink)) {
  sink_(header);
}

void GzipWriter::append(std::string_view bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    if (blocks_.empty() || blocks_.back().size() == block_size) {
      if (blocks_.size() == blocks_at_once) pack_blocks();
      blocks_.emplace_back().reserve(block_size);
    }
    const std::size_t taken = std::min(bytes.size(), block_size - blocks_.back().size());
    blocks_.back() += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
  }
}

void GzipWriter::pack_blocks() {
  std::vector<PackedBlock> packed(blocks_.size());
  for_each_index(blocks_.size(), [&](std::size_t index) { packed[index] = pack(blocks_[index]); });
  for (std::size_t index = 0; index < packed.size(); ++index) {
    checksum_ = static_cast<std::uint32_t>(crc32_combine(
        checksum_, packed[index].checksum, static_cast<z_off_t>(blocks_[index].size())));
    sink_(packed[index].bytes);
  }
  blocks_.clear();
}

void GzipWriter::finish() {
  pack_blocks();
  sink_(empty_last_block);
  sink_(little_endian(checksum_) + little_endian(size_));
}

}  // namespace relup
