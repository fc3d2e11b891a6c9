// SPDX-License-Identifier: Apache-2.0
#include "base/gzip.hpp"

#include <algorithm>
#include <array>

#include <zlib.h>

#include "base/error.hpp"

namespace relup {
namespace {

constexpr std::size_t piece_size = 64U << 10U;
constexpr std::size_t largest_input = 1U << 30U;  // zlib counts its input in 32 bits
constexpr int gzip_only = 16;                     // added to the window bits: see inflateInit2

}  // namespace

struct GzipReader::State {
  State() {
    if (inflateInit2(&stream, gzip_only + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { inflateEnd(&stream); }

  z_stream stream{};
  std::array<char, piece_size> piece{};
  std::size_t filled = 0;
  bool done = false;
};

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

GzipReader::GzipReader(std::string name, std::string_view bytes)
    : name_(std::move(name)), bytes_(bytes), state_(std::make_unique<State>()) {}

GzipReader::~GzipReader() = default;

std::string_view GzipReader::next() {
  state_->filled = 0;
  while (state_->filled == 0 && !state_->done)
    inflate_some();
  return {state_->piece.data(), state_->filled};
}

void GzipReader::inflate_some() {
  z_stream& stream = state_->stream;
  const std::size_t input = std::min(bytes_.size() - consumed_, largest_input);
  // zlib does not write to its input, but its interface predates const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes_.data() + consumed_));
  stream.avail_in = static_cast<uInt>(input);
  stream.next_out = reinterpret_cast<Bytef*>(state_->piece.data());
  stream.avail_out = static_cast<uInt>(piece_size);
  const int result = inflate(&stream, Z_NO_FLUSH);
  consumed_ += input - stream.avail_in;
  state_->filled = piece_size - stream.avail_out;
  if (result == Z_STREAM_END) {
    end_member();
  } else if (result == Z_BUF_ERROR || (result == Z_OK && input == 0 && state_->filled == 0)) {
    fail("the compressed data is cut off");
  } else if (result == Z_MEM_ERROR) {
    throw std::bad_alloc();
  } else if (result != Z_OK) {
    fail("the compressed data is damaged (" +
         std::string(stream.msg != nullptr ? stream.msg : "no dictionary") + ")");
  }
}

void GzipReader::end_member() {
  if (consumed_ == bytes_.size()) {
    state_->done = true;
  } else if (!is_gzip(bytes_.substr(consumed_))) {
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
