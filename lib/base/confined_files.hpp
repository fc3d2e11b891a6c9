// SPDX-License-Identifier: Apache-2.0
#pragma once

// The operating system's file system for work on one folder, the root: nothing is written or
// removed elsewhere, or by way of a symbolic link. A link on the way to what is written, wherever
// it leads, is an Error (bad_input) that names it; a link at the place itself is replaced or
// removed, not followed. Reading follows links as ever.
//
// Modes do not depend on the umask: new folders are 0755, and 0700 where relup keeps its own things
// (a name with a dot right below the root). What root makes belongs to whom the folder belongs that
// it is put into.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "base/file_system.hpp"

namespace relup {

// How a path is followed without leaving the root. Old kernels have the second way only.
enum class Walk { by_kernel, step_by_step };

class ConfinedFiles final : public FileSystem {
 public:
  // `root` is absolute and without links. Error (system_error) when it cannot be opened.
  explicit ConfinedFiles(std::string root, Walk walk = Walk::by_kernel);

  // Opens a file for later reading: whoever gives up rights may read it still. Where it cannot be
  // opened, nothing happens.
  void keep_open(const std::string& path);

  std::string read(const std::string& path) override;
  void read_into(const std::string& path, ReadBuffer& buffer) override;
  std::unique_ptr<ReadableFile> open(const std::string& path) override;
  std::optional<std::string> read_if_exists(const std::string& path) override;
  std::vector<DirectoryEntry> list(const std::string& directory) override;
  std::optional<FileInfo> info(const std::string& path) override;
  std::optional<FileInfo> link_info(const std::string& path) override;
  std::string read_link(const std::string& path) override;

  std::unique_ptr<WritableFile> create(const std::string& path, unsigned mode) override;
  std::unique_ptr<WritableFile> append_to(const std::string& path) override;
  void make_directories(const std::string& path) override;
  void make_symlink(const std::string& target, const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void remove_file(const std::string& path) override;
  void remove_all(const std::string& path) override;
  void sync_directory(const std::string& path) override;
  std::uint64_t free_bytes(const std::string& path) override;
  std::optional<std::uint64_t> free_files(const std::string& path) override;
  std::unique_ptr<FileLock> try_lock(const std::string& path, const std::string& holder) override;
  std::optional<std::string> lock_holder(const std::string& path) override;

 private:
  using Names = std::vector<std::string>;
  // The folder that something is in, and its name there.
  struct Place {
    Descriptor folder;
    std::string name;
  };

  Names names_below_root(const std::string& path) const;
  std::string path_of(const Names& names, std::size_t count) const;
  Place place_of(const std::string& path, const std::string& action);
  Descriptor open_folder(const Names& names, const std::string& action);
  Descriptor open_step_by_step(const Names& names, const std::string& action) const;
  Descriptor open_step(const Descriptor& folder, const Names& names, std::size_t index,
                       const std::string& action) const;
  void refuse_link_on(const Names& names) const;
  Descriptor make_folder(const Descriptor& folder, const Names& names, std::size_t index) const;

  FileSystem& files_;
  std::string root_;
  Descriptor folder_;
  Walk walk_;
  std::map<std::string, Descriptor> kept_open_;
};

}  // namespace relup
