// SPDX-License-Identifier: Apache-2.0
#pragma once

// Packs to gzip (RFC 1952) on several threads. The bytes depend on the input alone, not on the
// pieces in which it comes nor on the number of threads. It is one member, since Erlang's file
// system reads no further than the first; the header has neither time nor name.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace relup {

class GzipWriter {
 public:
  // `sink` gets the packed bytes, on the thread of the caller.
  using Sink = std::function<void(std::string_view)>;
  explicit GzipWriter(Sink sink);

  void append(std::string_view bytes);
  // What is not finished cannot be read.
  void finish();

 private:
  void pack_blocks();

  Sink sink_;
  std::vector<std::string> blocks_;
  std::uint32_t checksum_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace relup
