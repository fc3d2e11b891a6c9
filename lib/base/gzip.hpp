// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unpacks gzip (RFC 1952) piece by piece, so that a caller can stop before a small input has grown
// huge. Several members after one another count as one stream. The checksum and the length at the
// end of each member are verified; input that is cut off, damaged or followed by other bytes is an
// Error (bad_input) that names the input and the byte.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace relup {

bool is_gzip(std::string_view bytes);

class GzipReader {
 public:
  // `name` is for messages; `bytes` must outlive the reader.
  GzipReader(std::string name, std::string_view bytes);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // The next unpacked bytes, valid until the next call; empty at the verified end.
  std::string_view next();

 private:
  struct State;
  void inflate_some();
  void end_member();
  [[noreturn]] void fail(const std::string& what) const;

  std::string name_;
  std::string_view bytes_;
  std::size_t consumed_ = 0;
  std::unique_ptr<State> state_;
};

// All of it at once; more than `limit` bytes are an Error.
std::string gunzip(const std::string& name, std::string_view bytes, std::size_t limit);

}  // namespace relup
