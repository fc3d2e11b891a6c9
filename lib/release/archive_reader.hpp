// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a tarball (tar or tar.gz) member by member, in archive order and without judging them: see
// archive_rules.hpp. It works on the bytes of the archive, so that what a first pass has checked is
// what a second pass unpacks. An archive that is cut off anywhere, damaged (the gzip checksum is
// verified at the end), or followed by other data is an Error (bad_input) that names the archive
// and the member last seen; so is one that unpacks to more than the limits allow.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "release/archive_rules.hpp"

namespace relup::release {

class ArchiveReader {
 public:
  // `name` is for messages; `bytes` must outlive the reader. Of the limits those on size count.
  ArchiveReader(std::string name, std::string_view bytes, const ArchiveLimits& limits = {});
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  // The next member; none at the verified end of the archive. Unread data is skipped.
  std::optional<Member> next();

  // Hands the data of the current member to `sink` piece by piece.
  void read_data(const std::function<void(std::string_view)>& sink);
  std::string read_data();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace relup::release
