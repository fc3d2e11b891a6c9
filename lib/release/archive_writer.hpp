// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes a release tarball (tar.gz) whose bytes depend on nothing but the entries: sorted by path,
// no owner, no names of users, one time for all members, modes as file_mode.hpp has them
// (directories 0755, links 0777), a gzip header without time and name. No more than a few MiB of it
// are ever in memory. Paths and links go in as they are; they must be what archive_rules.hpp
// allows, or it is an Error (bad_input). The file appears at its path complete or not at all
// (replace_file.hpp).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "release/archive_rules.hpp"

namespace relup::release {

struct ArchiveEntry {
  std::string path;
  MemberType type = MemberType::regular;  // regular, directory or symlink
  unsigned mode = 0644;                   // of a regular file; release_mode (file_mode.hpp)
  std::string link_target;
  // Of a regular file; called once, when its turn comes.
  std::function<std::unique_ptr<ReadableFile>()> content;
};

// What comes after the archive, made of the Blake2b digest of all that comes before.
using MakeTrailer = std::function<std::string(const std::string& digest)>;

// `epoch` is the time of all members, in seconds since 1970 (compare SOURCE_DATE_EPOCH).
void write_archive(FileSystem& files, const std::string& path, std::vector<ArchiveEntry> entries,
                   std::int64_t epoch = 0, const MakeTrailer& trailer = {});

}  // namespace relup::release
