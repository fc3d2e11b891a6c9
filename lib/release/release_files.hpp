// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files of one release root, wherever they are: unpacked in a directory, or in a tarball. Paths
// are relative to the root, with `/`, and lists of them are sorted. Only regular files count.
// Asking for a file that is not there is an Error (bad_input) that names it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.hpp"

namespace relup::release {

class ReleaseFiles {
 public:
  ReleaseFiles() = default;
  ReleaseFiles(const ReleaseFiles&) = delete;
  ReleaseFiles& operator=(const ReleaseFiles&) = delete;
  virtual ~ReleaseFiles() = default;

  // The directory or the tarball.
  virtual const std::string& name() const = 0;
  // A file in it, as messages call it.
  virtual std::string place(const std::string& path) const = 0;

  virtual std::vector<std::string> paths() const = 0;
  // The names of what lies directly in `directory`, files and directories; none when it is missing.
  virtual std::vector<std::string> names_in(const std::string& directory) const = 0;
  virtual bool exists(const std::string& path) const = 0;
  virtual std::string read(const std::string& path) const = 0;
  // For what may be large.
  virtual std::unique_ptr<ReadableFile> open(const std::string& path) const {
    return file_of_bytes(read(path));
  }
  // Like `read`, into memory that is there already.
  virtual void read_into(const std::string& path, ReadBuffer& buffer) const {
    buffer.assign(read(path));
  }
  // For files that need only be compared; 64 hexadecimal digits.
  virtual std::string sha256(const std::string& path) const = 0;
  virtual unsigned mode(const std::string& path) const = 0;  // permission bits

  std::optional<std::string> read_if_exists(const std::string& path) const;
};

// An unpacked release. Links to directories are followed, at most two on a path: development
// releases link their applications, and those link their `priv`.
class DirectoryFiles final : public ReleaseFiles {
 public:
  // `files` must outlive the object.
  DirectoryFiles(FileSystem& files, std::string root);

  const std::string& name() const override { return root_; }
  std::string place(const std::string& path) const override;
  std::vector<std::string> paths() const override;
  std::vector<std::string> names_in(const std::string& directory) const override;
  bool exists(const std::string& path) const override;
  std::string read(const std::string& path) const override;
  std::unique_ptr<ReadableFile> open(const std::string& path) const override;
  void read_into(const std::string& path, ReadBuffer& buffer) const override;
  std::string sha256(const std::string& path) const override;
  unsigned mode(const std::string& path) const override;

 private:
  void collect(const std::string& directory, int links, std::vector<std::string>& paths) const;

  FileSystem& files_;
  std::string root_;
};

}  // namespace relup::release
