// SPDX-License-Identifier: Apache-2.0
#pragma once

// The file system as relup uses it, narrow enough that a test can keep it in memory, fill it up, or
// lose what was not synced. Paths are plain strings; nothing follows a symbolic link on purpose
// except `read`, `list` and `info`. Every call throws Error (system_error) when the system refuses,
// unless it says otherwise. Directory listings are sorted by name, so that no result depends on the
// disk's order.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"

namespace relup {

enum class FileType { regular, directory, symlink, other };

// Which file it is, under whatever name: of two files at one time, each has its own.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

struct FileInfo {
  FileType type = FileType::other;
  std::uint64_t size = 0;  // bytes
  unsigned mode = 0;       // permission bits
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  FileIdentity identity = {};
};

struct DirectoryEntry {
  std::string name;
  FileType type = FileType::other;  // of the entry itself, a link is a link
};

// A file being written. Data counts as kept only after `sync`; destroying the object closes it.
class WritableFile {
 public:
  WritableFile() = default;
  WritableFile(const WritableFile&) = delete;
  WritableFile& operator=(const WritableFile&) = delete;
  virtual ~WritableFile() = default;
  virtual void append(std::string_view bytes) = 0;
  // Lets the disk begin to write, and does not wait: many files are synced faster that way.
  virtual void start_sync() {}
  virtual void sync() = 0;
  virtual void set_mode(unsigned mode) = 0;
  // No owner means that it stays. False where the system does not let us; nothing changes then.
  // Set-user-ID bits of the mode may go, so set the mode afterwards.
  virtual bool set_owner(std::optional<std::uint32_t> owner, std::uint32_t group) = 0;
};

// A file open for reading: one and the same, whatever becomes of its name. Several threads may
// read.
class ReadableFile {
 public:
  ReadableFile() = default;
  ReadableFile(const ReadableFile&) = delete;
  ReadableFile& operator=(const ReadableFile&) = delete;
  virtual ~ReadableFile() = default;
  virtual std::uint64_t size() const = 0;  // when it was opened
  // How many bytes came; fewer than there is room for only at the end of the file.
  virtual std::size_t read_at(std::uint64_t offset, std::span<char> room) const = 0;
};

// Bytes in memory as such a file.
std::unique_ptr<ReadableFile> file_of_bytes(std::string bytes);

// Held until destroyed, or until the process ends. Destroying it removes the file.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

// Memory for one file after the other: it grows to the largest of them and is never given back, nor
// cleared in between.
class ReadBuffer {
 public:
  std::string_view bytes() const { return {memory_.data(), size_}; }
  void assign(std::string_view bytes);

  // What is free after the first `used` bytes; never empty.
  std::span<char> room_behind(std::size_t used);
  // Says that the first `size` bytes are the file.
  void set_size(std::size_t size) { size_ = size; }

 private:
  std::vector<char> memory_;
  std::size_t size_ = 0;
};

class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  virtual std::string read(const std::string& path) = 0;
  // Like `read`, into memory that is there already.
  virtual void read_into(const std::string& path, ReadBuffer& buffer) { buffer.assign(read(path)); }
  // For what is too large for memory. What is no regular file (a pipe) is read at once.
  virtual std::unique_ptr<ReadableFile> open(const std::string& path) {
    return file_of_bytes(read(path));
  }
  // Like `read`, but no file is an answer.
  virtual std::optional<std::string> read_if_exists(const std::string& path) = 0;
  virtual std::vector<DirectoryEntry> list(const std::string& directory) = 0;
  // What stands at `path` after following links; none where there is nothing.
  virtual std::optional<FileInfo> info(const std::string& path) = 0;
  // What stands at `path` itself, a link being a link; none where there is nothing.
  virtual std::optional<FileInfo> link_info(const std::string& path) = 0;

  // What the symbolic link at `path` says, which may be relative to its folder.
  virtual std::string read_link(const std::string& path) = 0;

  // Creates `path`, which must not exist; where it fails, nothing is left of it.
  virtual std::unique_ptr<WritableFile> create(const std::string& path, unsigned mode) = 0;
  // Opens the regular file at `path`, which must exist and be no link, to write at its end.
  virtual std::unique_ptr<WritableFile> append_to(const std::string& path) = 0;
  virtual void make_directories(const std::string& path) = 0;
  virtual void make_symlink(const std::string& target, const std::string& path) = 0;
  // Replaces `to` where it is a file; a directory at `to` must not exist.
  virtual void rename(const std::string& from, const std::string& to) = 0;
  virtual void remove_file(const std::string& path) = 0;
  // Removes a file or a whole directory; nothing there is fine.
  virtual void remove_all(const std::string& path) = 0;
  virtual void sync_directory(const std::string& path) = 0;
  virtual std::uint64_t free_bytes(const std::string& path) = 0;
  // How many more files and directories can be made; none where the file system has no limit.
  virtual std::optional<std::uint64_t> free_files(const std::string& path) = 0;
  // Takes the advisory lock on `path` (created when missing) and writes `holder` into it; null when
  // somebody else holds it.
  virtual std::unique_ptr<FileLock> try_lock(const std::string& path,
                                             const std::string& holder) = 0;
  // What the holder of the lock on `path` has written into it; none when nobody holds it. Leaves
  // the file as it is, also one that the holder left when it was killed.
  virtual std::optional<std::string> lock_holder(const std::string& path) = 0;

  bool is_directory(const std::string& path);
  bool is_file(const std::string& path);
};

// The operating system's file system.
FileSystem& real_file_system();

// The bytes of a file, or why the system does not give them.
std::variant<std::string, Error> read_or_error(FileSystem& files, const std::string& path);

// Path arithmetic on '/'-separated text, without looking at the disk.
std::string join_path(std::string_view directory, std::string_view name);
std::string parent_path(std::string_view path);
std::string base_name(std::string_view path);

}  // namespace relup
