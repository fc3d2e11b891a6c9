// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a tarball (tar or tar.gz) member by member, in archive order and without judging them: see
// archive_rules.hpp. No more than a piece of it is ever in memory. An archive that is cut off
// anywhere, damaged (the gzip checksum is verified at the end), or followed by other data is an
// Error (bad_input) that names the archive and the member last seen; so is one that unpacks to more
// than the limits allow. At its end the reader has a digest of all that it has read: two readers
// with one digest have read the same.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.hpp"
#include "base/gzip.hpp"
#include "release/archive_rules.hpp"

namespace relup::release {

class ArchiveReader {
 public:
  // `name` is for messages; `file` must outlive the reader. Of the limits those on size count.
  ArchiveReader(std::string name, const ReadableFile& file, const ArchiveLimits& limits = {});
  // The same of an archive in memory.
  ArchiveReader(std::string name, std::string bytes, const ArchiveLimits& limits = {});
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  // Notes where reading can begin anew; `places` must outlive the reader.
  void note_places(std::vector<GzipPlace>& places);

  // The next member; none at the verified end of the archive. Unread data is skipped.
  std::optional<Member> next();

  // Hands the data of the current member to `sink` piece by piece.
  void read_data(const std::function<void(std::string_view)>& sink);
  std::string read_data();

  // Where the data of the current member begins in the tar stream.
  std::uint64_t data_offset() const;
  // Of the whole file (Blake2b), once next() has come to the end.
  const std::string& digest() const;

 private:
  struct State;
  std::unique_ptr<ReadableFile> own_;
  std::unique_ptr<State> state_;
};

}  // namespace relup::release
