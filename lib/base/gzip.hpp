// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unpacks gzip (RFC 1952) piece by piece, so that a caller can stop before a small input has grown
// huge, and so that neither side is ever in memory as a whole. Several members after one another
// count as one stream. The checksum and the length at the end of each member are verified; input
// that is cut off, damaged or followed by other bytes is an Error (bad_input) that names the input
// and the byte.
//
// On its way a reader can note places. From each another reader can begin; what it gives is to be
// verified by other means, since checksums are of whole members.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relup {

bool is_gzip(std::string_view bytes);

struct GzipPlace {
  std::uint64_t packed = 0;    // the next byte to read
  std::uint64_t unpacked = 0;  // how many bytes come before
  int bits = 0;                // of the byte before, so many are still to be read ..
  int bits_value = 0;          // .. and these are they
  std::string window;          // the unpacked bytes before, as far back as later ones may refer
};

class GzipReader {
 public:
  // The next packed bytes, valid until the next call; empty at the end.
  using Source = std::function<std::string_view()>;

  // `name` is for messages; `bytes` must outlive the reader.
  GzipReader(std::string name, std::string_view bytes);
  GzipReader(std::string name, Source source);
  // Begins at a place; so must the source.
  GzipReader(std::string name, Source source, const GzipPlace& place);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // Notes a place about every `span` unpacked bytes; `places` must outlive the reader.
  void note_places(std::vector<GzipPlace>& places, std::uint64_t span);

  // The next unpacked bytes, valid until the next call; empty at the verified end.
  std::string_view next();

 private:
  struct State;
  bool fetch();
  void inflate_some();
  void end_member();
  void note_place();
  [[noreturn]] void fail(const std::string& what) const;

  std::string name_;
  Source source_;
  std::string_view input_;
  std::uint64_t consumed_ = 0;
  std::uint64_t unpacked_ = 0;
  std::unique_ptr<State> state_;
  std::vector<GzipPlace>* places_ = nullptr;
  std::uint64_t span_ = 0;
};

// All of it at once; more than `limit` bytes are an Error.
std::string gunzip(const std::string& name, std::string_view bytes, std::size_t limit);

}  // namespace relup
