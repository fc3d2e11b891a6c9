// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads anywhere in what a file unpacks to, from places that a GzipReader has noted (none: from the
// beginning); a file that is not packed is read as it is. Reading forward goes on where the last
// reading has ended. A file that is damaged or too short is an Error (bad_input); whether it is
// still the file of which the places are is for the caller to see.

#include <memory>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "base/gzip.hpp"

namespace relup {

class UnpackedView {
 public:
  // `name` is for messages; `file` must outlive the object.
  UnpackedView(std::string name, const ReadableFile& file, std::vector<GzipPlace> places);
  ~UnpackedView();
  UnpackedView(const UnpackedView&) = delete;
  UnpackedView& operator=(const UnpackedView&) = delete;

  std::string read(std::uint64_t offset, std::size_t size);

 private:
  void begin_before(std::uint64_t offset);
  std::string_view next_packed();

  std::string name_;
  const ReadableFile& file_;
  std::vector<GzipPlace> places_;
  bool is_packed_;
  std::unique_ptr<GzipReader> reader_;
  std::uint64_t packed_at_ = 0;  // of the file, what the reader has been given
  std::vector<char> packed_;
  std::uint64_t at_ = 0;   // what comes next of the unpacked bytes ..
  std::string_view rest_;  // .. first this
};

}  // namespace relup
