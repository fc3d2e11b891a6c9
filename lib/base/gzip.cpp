// SPDX-License-Identifier: Apache-2.0
//
// A place is the end of a deflate block inside of a member. What comes after it may refer back to
// the last 32 KiB before it, so these are kept, and blocks end at any bit, so the bits of the last
// byte that belong to what comes are kept, too. A reader that begins there unpacks bare deflate to
// the end of the member, skips the checksum and goes on with the next member as any reader does.

#include "base/gzip.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <zlib.h>

#include "base/error.hpp"

namespace relup {
namespace {

constexpr std::size_t piece_size = 64U << 10U;
constexpr std::size_t window_size = 32U << 10U;
constexpr std::size_t largest_input = 1U << 30U;  // zlib counts its input in 32 bits
constexpr std::size_t trailer_size = 8;           // of a member: checksum and length
constexpr int gzip_only = 16 + MAX_WBITS;         // see inflateInit2
constexpr int bare_deflate = -MAX_WBITS;

// Of z_stream::data_type after inflate has stopped for Z_BLOCK.
constexpr int unused_bits = 7;
constexpr int after_last_block = 64;
constexpr int at_block_end = 128;

}  // namespace

struct GzipReader::State {
  explicit State(int format) : is_bare(format == bare_deflate) {
    if (inflateInit2(&stream, format) != Z_OK) throw std::bad_alloc();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { inflateEnd(&stream); }

  z_stream stream{};
  std::array<char, piece_size> piece{};
  std::size_t filled = 0;
  char last_byte = 0;    // that was consumed
  bool is_bare;          // up to the end of this member
  bool is_full = false;  // there may be more to unpack of what was consumed
  bool done = false;
};

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

GzipReader::GzipReader(std::string name, std::string_view bytes)
    : GzipReader(std::move(name), [bytes]() mutable { return std::exchange(bytes, {}); }) {}

GzipReader::GzipReader(std::string name, Source source)
    : name_(std::move(name)),
      source_(std::move(source)),
      state_(std::make_unique<State>(gzip_only)) {}

GzipReader::GzipReader(std::string name, Source source, const GzipPlace& place)
    : name_(std::move(name)),
      source_(std::move(source)),
      consumed_(place.packed),
      unpacked_(place.unpacked),
      state_(std::make_unique<State>(bare_deflate)) {
  inflatePrime(&state_->stream, place.bits, place.bits_value);
  inflateSetDictionary(&state_->stream, reinterpret_cast<const Bytef*>(place.window.data()),
                       static_cast<uInt>(place.window.size()));
}

GzipReader::~GzipReader() = default;

void GzipReader::note_places(std::vector<GzipPlace>& places, std::uint64_t span) {
  places_ = &places;
  span_ = span;
}

std::string_view GzipReader::next() {
  state_->filled = 0;
  while (state_->filled == 0 && !state_->done)
    inflate_some();
  return {state_->piece.data(), state_->filled};
}

// Whether there is any input.
bool GzipReader::fetch() {
  if (input_.empty()) input_ = source_();
  return !input_.empty();
}

void GzipReader::inflate_some() {
  if (!state_->is_full && !fetch()) fail("the compressed data is cut off");
  z_stream& stream = state_->stream;
  const std::size_t input = std::min(input_.size(), largest_input);
  // zlib does not write to its input, but its interface predates const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
  stream.avail_in = static_cast<uInt>(input);
  stream.next_out = reinterpret_cast<Bytef*>(state_->piece.data());
  stream.avail_out = static_cast<uInt>(piece_size);
  const int result = inflate(&stream, places_ == nullptr ? Z_NO_FLUSH : Z_BLOCK);
  const std::size_t taken = input - stream.avail_in;
  if (taken > 0) state_->last_byte = input_[taken - 1];
  input_.remove_prefix(taken);
  consumed_ += taken;
  state_->filled = piece_size - stream.avail_out;
  unpacked_ += state_->filled;
  const bool was_full = std::exchange(state_->is_full, stream.avail_out == 0);
  if (result == Z_STREAM_END) {
    end_member();
  } else if (result == Z_MEM_ERROR) {
    throw std::bad_alloc();
  } else if (result != Z_OK && !(result == Z_BUF_ERROR && was_full)) {
    fail("the compressed data is damaged (" +
         std::string(stream.msg != nullptr ? stream.msg : "no dictionary") + ")");
  } else if (places_ != nullptr) {
    note_place();
  }
}

void GzipReader::note_place() {
  const int state = state_->stream.data_type;
  if ((state & at_block_end) == 0 || (state & after_last_block) != 0) return;
  if (unpacked_ < (places_->empty() ? 0 : places_->back().unpacked) + span_) return;
  GzipPlace place{consumed_, unpacked_, state & unused_bits, 0, std::string(window_size, '\0')};
  place.bits_value = static_cast<unsigned char>(state_->last_byte) >> (8 - place.bits);
  uInt size = 0;
  inflateGetDictionary(&state_->stream, reinterpret_cast<Bytef*>(place.window.data()), &size);
  place.window.resize(size);
  places_->push_back(std::move(place));
}

void GzipReader::end_member() {
  state_->is_full = false;
  if (std::exchange(state_->is_bare, false)) {
    for (std::size_t left = trailer_size; left > 0;) {
      if (!fetch()) fail("the compressed data is cut off");
      const std::size_t skipped = std::min(left, input_.size());
      input_.remove_prefix(skipped);
      consumed_ += skipped;
      left -= skipped;
    }
    inflateReset2(&state_->stream, gzip_only);
  }
  if (!fetch()) {
    state_->done = true;
  } else if (!is_gzip(input_) && input_ != "\x1f") {
    fail("bytes that are not gzip follow the compressed data");
  } else {
    inflateReset(&state_->stream);
  }
}

void GzipReader::fail(const std::string& what) const {
  throw Error(ErrorCode::bad_input, name_ + ": byte " + std::to_string(consumed_) + ": " + what);
}

std::string gunzip(const std::string& name, std::string_view bytes, std::size_t limit) {
  GzipReader reader(name, bytes);
  std::string unpacked;
  for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) {
    if (piece.size() > limit - unpacked.size()) {
      throw Error(ErrorCode::bad_input,
                  name + ": unpacks to more than " + std::to_string(limit) + " bytes");
    }
    unpacked += piece;
  }
  return unpacked;
}

}  // namespace relup
