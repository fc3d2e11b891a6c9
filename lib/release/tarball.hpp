// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release in a tarball, read once and without unpacking it to disk. The content is kept of what
// relup looks into: `lib/*/ebin/` and `releases/`. Of the rest of `lib/` a digest is kept, of all
// other files the name; or everything is kept, to be packed anew. Reading what is not kept is an
// Error; so is an archive that is damaged, that holds a path twice (readers differ in which they
// take), or whose kept files exceed the limit.

#include <map>

#include "release/archive_reader.hpp"
#include "release/release_files.hpp"

namespace relup::release {

enum class KeptContent { what_is_looked_into, everything };

struct TarballLimits {
  std::uint64_t kept_bytes = 1ULL << 30U;
  ArchiveLimits archive;
};

class TarballFiles final : public ReleaseFiles {
 public:
  // `name` is the path of the tarball, `bytes` its content; the latter is needed no longer.
  TarballFiles(std::string name, std::string_view bytes, const TarballLimits& limits = {},
               KeptContent kept = KeptContent::what_is_looked_into);

  const std::string& name() const override { return name_; }
  std::string place(const std::string& path) const override { return name_ + ":" + path; }
  std::vector<std::string> paths() const override;
  std::vector<std::string> names_in(const std::string& directory) const override;
  bool exists(const std::string& path) const override { return files_.contains(path); }
  std::string read(const std::string& path) const override;
  std::string sha256(const std::string& path) const override;
  bool is_executable(const std::string& path) const override { return file(path).is_executable; }

 private:
  struct File {
    std::optional<std::string> content;
    std::string sha256;  // where the content is not kept; empty where nothing is
    bool is_executable = false;
  };
  void take(const Member& member, ArchiveReader& reader, const TarballLimits& limits);
  const File& file(const std::string& path) const;

  std::string name_;
  KeptContent kept_;
  std::map<std::string, File> files_;
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace relup::release
