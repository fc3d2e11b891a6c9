// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release in a tarball, read once from its beginning to its end and without unpacking it to disk.
// In memory is kept what relup looks into, `lib/*/ebin/` and `releases/`, as far as the room for it
// goes, or everything, to be packed anew; of the rest there is a digest, and it is read from the
// open file again when somebody asks for it: what comes then has that digest, or there is an Error.
// So is an archive that is damaged, or that holds a path twice (readers differ in which they take).
// Several threads may read.

#include <functional>
#include <map>
#include <mutex>

#include "base/gzip_places.hpp"
#include "release/archive_reader.hpp"
#include "release/release_files.hpp"

namespace relup::release {

enum class KeptContent { what_is_looked_into, everything };

struct TarballReading {
  std::uint64_t memory = 1ULL << 30U;  // bytes of content to keep
  KeptContent kept = KeptContent::what_is_looked_into;
  ArchiveLimits limits = {};
  std::function<void(const Member&)> inspect = {};  // sees each member before its data is read
};

class TarballFiles final : public ReleaseFiles {
 public:
  // `name` is the path of the tarball.
  TarballFiles(std::string name, std::shared_ptr<const ReadableFile> file,
               const TarballReading& reading = {});

  const std::string& name() const override { return name_; }
  std::string place(const std::string& path) const override { return name_ + ":" + path; }
  std::vector<std::string> paths() const override;
  std::vector<std::string> names_in(const std::string& directory) const override;
  bool exists(const std::string& path) const override { return files_.contains(path); }
  std::string read(const std::string& path) const override;
  std::string sha256(const std::string& path) const override;
  unsigned mode(const std::string& path) const override { return file(path).mode; }

  // Of the whole tarball (ArchiveReader).
  const std::string& digest() const { return digest_; }

 private:
  struct File {
    std::optional<std::string> content;
    std::string sha256;  // where the content is not kept, and for that where it is:
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    unsigned mode = 0644;
  };
  void take(const Member& member, ArchiveReader& reader, const TarballReading& reading);
  const File& file(const std::string& path) const;

  std::string name_;
  std::shared_ptr<const ReadableFile> file_;
  std::map<std::string, File> files_;
  std::uint64_t kept_bytes_ = 0;
  std::string digest_;
  mutable std::mutex mutex_;  // of the view
  std::unique_ptr<UnpackedView> view_;
};

}  // namespace relup::release
