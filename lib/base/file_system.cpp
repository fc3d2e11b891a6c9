// SPDX-License-Identifier: Apache-2.0
#include "base/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <thread>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace relup {
namespace {

FileType type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileType::regular;
  if (S_ISDIR(mode)) return FileType::directory;
  if (S_ISLNK(mode)) return FileType::symlink;
  return FileType::other;
}

FileInfo info_of(const struct stat& status) {
  return {type_of(status.st_mode), static_cast<std::uint64_t>(status.st_size),
          status.st_mode & 07777U, status.st_uid,
          status.st_gid,           {status.st_dev, status.st_ino}};
}

void write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_or_throw(int descriptor, const std::string& path) {
  if (::fsync(descriptor) != 0) throw system_error("sync", path, errno);
}

class RealFile final : public WritableFile {
 public:
  RealFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}
  void append(std::string_view bytes) override { write_all(descriptor_.get(), bytes, path_); }
  void sync() override { sync_or_throw(descriptor_.get(), path_); }

  // Only a beginning: what fails here fails in sync, too.
  void start_sync() override { ::sync_file_range(descriptor_.get(), 0, 0, SYNC_FILE_RANGE_WRITE); }

  void set_mode(unsigned mode) override {
    if (::fchmod(descriptor_.get(), mode) != 0) throw system_error("set the mode of", path_, errno);
  }

  // EINVAL is of an owner that a container does not know.
  bool set_owner(std::optional<std::uint32_t> owner, std::uint32_t group) override {
    const auto stays = static_cast<uid_t>(-1);
    if (::fchown(descriptor_.get(), owner.value_or(stays), group) == 0) return true;
    if (errno == EPERM || errno == EINVAL) return false;
    throw system_error("set the owner of", path_, errno);
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

// Whether `path` still names the open file.
bool is_at_path(const Descriptor& file, const std::string& path) {
  struct stat held {};
  struct stat present {};
  return ::fstat(file.get(), &held) == 0 && ::stat(path.c_str(), &present) == 0 &&
         held.st_ino == present.st_ino && held.st_dev == present.st_dev;
}

// Locks of an open file description (fcntl_locking(2)) belong to whoever has opened the file, not
// to the process: two of one process exclude each other, and the system frees them with the last
// descriptor, however the process ended. To ask for the holder takes nothing.
struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

// False while somebody else holds it.
bool take_lock(const Descriptor& file, const std::string& path) {
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(file.get(), F_OFD_SETLK, &lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw system_error("lock", path, errno);
}

bool is_locked(const Descriptor& file, const std::string& path) {
  struct flock lock = whole_file(F_RDLCK);
  if (::fcntl(file.get(), F_OFD_GETLK, &lock) != 0) throw system_error("look at", path, errno);
  return lock.l_type != F_UNLCK;
}

// The file goes with the lock, and only its holder removes it: whoever waited on that file finds
// that it is no longer the one at the path.
class RealLock final : public FileLock {
 public:
  RealLock(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}
  RealLock(const RealLock&) = delete;
  RealLock& operator=(const RealLock&) = delete;
  ~RealLock() override { ::unlink(path_.c_str()); }

  void write_holder(std::string_view holder) const {
    if (::ftruncate(descriptor_.get(), 0) != 0) throw system_error("write", path_, errno);
    write_all(descriptor_.get(), holder, path_);
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

// How many bytes came; 0 at the end of the file.
std::size_t read_some(const Descriptor& file, const std::string& path, std::span<char> room) {
  for (;;) {
    const ssize_t count = ::read(file.get(), room.data(), room.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw system_error("read", path, errno);
  }
}

void read_descriptor(const Descriptor& file, const std::string& path, ReadBuffer& buffer) {
  std::size_t size = 0;
  while (const std::size_t count = read_some(file, path, buffer.room_behind(size)))
    size += count;
  buffer.set_size(size);
}

std::string read_descriptor(const Descriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw system_error("read", path, errno);
  if (S_ISDIR(status.st_mode)) throw system_error("read", path, EISDIR);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(bytes.size() + 4096);
    const std::size_t count = read_some(file, path, std::span(bytes).subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  bytes.resize(filled);
  return bytes;
}

class RealReadableFile final : public ReadableFile {
 public:
  RealReadableFile(Descriptor descriptor, std::uint64_t size, std::string path)
      : descriptor_(std::move(descriptor)), size_(size), path_(std::move(path)) {}
  std::uint64_t size() const override { return size_; }

  std::size_t read_at(std::uint64_t offset, std::span<char> room) const override {
    std::size_t filled = 0;
    while (filled < room.size()) {
      const ssize_t count = ::pread(descriptor_.get(), room.data() + filled, room.size() - filled,
                                    static_cast<off_t>(offset + filled));
      if (count == 0) break;
      if (count < 0 && errno != EINTR) throw system_error("read", path_, errno);
      if (count > 0) filled += static_cast<std::size_t>(count);
    }
    return filled;
  }

 private:
  Descriptor descriptor_;
  std::uint64_t size_;
  std::string path_;
};

class BytesFile final : public ReadableFile {
 public:
  explicit BytesFile(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<char> room) const override {
    return offset < bytes_.size() ? bytes_.copy(room.data(), room.size(), offset) : 0;
  }

 private:
  std::string bytes_;
};

FileType type_of(const dirent& entry, const std::string& path) {
  switch (entry.d_type) {
    case DT_REG:
      return FileType::regular;
    case DT_DIR:
      return FileType::directory;
    case DT_LNK:
      return FileType::symlink;
    case DT_UNKNOWN:
      break;
    default:
      return FileType::other;
  }
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? type_of(status.st_mode) : FileType::other;
}

class RealFileSystem final : public FileSystem {
 public:
  std::string read(const std::string& path) override {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) throw system_error("open", path, errno);
    return read_descriptor(file, path);
  }

  void read_into(const std::string& path, ReadBuffer& buffer) override {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) throw system_error("open", path, errno);
    read_descriptor(file, path, buffer);
  }

  std::unique_ptr<ReadableFile> open(const std::string& path) override {
    return readable_file(Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path);
  }

  std::optional<std::string> read_if_exists(const std::string& path) override {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (!file.is_open()) throw system_error("open", path, errno);
    return read_descriptor(file, path);
  }

  std::vector<DirectoryEntry> list(const std::string& directory) override {
    DIR* stream = ::opendir(directory.c_str());
    if (stream == nullptr) throw system_error("list", directory, errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, ::closedir);
    std::vector<DirectoryEntry> entries;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      entries.push_back({name, type_of(*entry, join_path(directory, name))});
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto& left, const auto& right) { return left.name < right.name; });
    return entries;
  }

  std::optional<FileInfo> info(const std::string& path) override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return nothing_or_throw(path);
    return info_of(status);
  }

  std::optional<FileInfo> link_info(const std::string& path) override {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return nothing_or_throw(path);
    return info_of(status);
  }

  std::string read_link(const std::string& path) override {
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0) throw system_error("read the link", path, errno);
    target.resize(static_cast<std::size_t>(size));
    return target;
  }

  std::unique_ptr<WritableFile> create(const std::string& path, unsigned mode) override {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor descriptor(::open(path.c_str(), flags, mode));
    if (!descriptor.is_open()) throw system_error("create", path, errno);
    try {
      auto file = writable_file(std::move(descriptor), path);
      file->set_mode(mode);  // whatever the umask is
      return file;
    } catch (const Error&) {
      ::unlink(path.c_str());
      throw;
    }
  }

  std::unique_ptr<WritableFile> append_to(const std::string& path) override {
    constexpr int flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    Descriptor descriptor(::open(path.c_str(), flags));
    if (!descriptor.is_open()) throw system_error("open", path, errno);
    return std::make_unique<RealFile>(std::move(descriptor), path);
  }

  void make_directories(const std::string& path) override {
    std::error_code failure;
    std::filesystem::create_directories(path, failure);
    if (failure) throw system_error("create directory", path, failure.value());
  }

  void make_symlink(const std::string& target, const std::string& path) override {
    if (::symlink(target.c_str(), path.c_str()) != 0) throw system_error("link", path, errno);
  }

  void rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) {
      throw system_error("rename " + from + " to", to, errno);
    }
  }

  void remove_file(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) throw system_error("remove", path, errno);
  }

  void remove_all(const std::string& path) override {
    std::error_code failure;
    std::filesystem::remove_all(path, failure);
    if (failure) throw system_error("remove", path, failure.value());
  }

  void sync_directory(const std::string& path) override {
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) throw system_error("open", path, errno);
    sync_or_throw(directory.get(), path);
  }

  std::uint64_t free_bytes(const std::string& path) override {
    struct statvfs status {};
    if (::statvfs(path.c_str(), &status) != 0) throw system_error("measure", path, errno);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  }

  // Where inodes are made as they are needed (btrfs), the system counts none at all.
  std::optional<std::uint64_t> free_files(const std::string& path) override {
    struct statvfs status {};
    if (::statvfs(path.c_str(), &status) != 0) throw system_error("measure", path, errno);
    if (status.f_files == 0) return std::nullopt;
    return status.f_favail;
  }

  std::unique_ptr<FileLock> try_lock(const std::string& path, const std::string& holder) override {
    for (;;) {
      Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
      if (!file.is_open()) throw system_error("lock", path, errno);
      if (!take_lock(file, path)) return nullptr;
      if (!is_at_path(file, path)) continue;
      auto lock = std::make_unique<RealLock>(std::move(file), path);
      lock->write_holder(holder);
      return lock;
    }
  }

  // Who has just taken the lock writes into it a moment later.
  std::optional<std::string> lock_holder(const std::string& path) override {
    constexpr int looks = 50;
    for (int look = 1;; ++look) {
      const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
      if (!file.is_open()) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        throw system_error("look at", path, errno);
      }
      if (!is_locked(file, path)) return std::nullopt;
      std::string holder = read_descriptor(file, path);
      if (!holder.empty() || look == looks) return holder;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

 private:
  static std::optional<FileInfo> nothing_or_throw(const std::string& path) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw system_error("look at", path, errno);
  }
};

constexpr std::size_t least_room = 256U << 10U;

}  // namespace

std::unique_ptr<WritableFile> writable_file(Descriptor descriptor, std::string path) {
  return std::make_unique<RealFile>(std::move(descriptor), std::move(path));
}

std::unique_ptr<ReadableFile> readable_file(Descriptor descriptor, std::string path) {
  struct stat status {};
  if (!descriptor.is_open() || ::fstat(descriptor.get(), &status) != 0) {
    throw system_error("open", path, errno);
  }
  if (!S_ISREG(status.st_mode)) return file_of_bytes(read_descriptor(descriptor, path));
  return std::make_unique<RealReadableFile>(std::move(descriptor),
                                            static_cast<std::uint64_t>(status.st_size), path);
}

std::unique_ptr<ReadableFile> file_of_bytes(std::string bytes) {
  return std::make_unique<BytesFile>(std::move(bytes));
}

void ReadBuffer::assign(std::string_view bytes) {
  if (memory_.size() < bytes.size()) memory_.resize(bytes.size());
  std::copy(bytes.begin(), bytes.end(), memory_.begin());
  size_ = bytes.size();
}

std::span<char> ReadBuffer::room_behind(std::size_t used) {
  if (used == memory_.size()) memory_.resize(std::max(least_room, 2 * used));
  return std::span(memory_).subspan(used);
}

bool FileSystem::is_directory(const std::string& path) {
  const std::optional<FileInfo> found = info(path);
  return found && found->type == FileType::directory;
}

bool FileSystem::is_file(const std::string& path) {
  const std::optional<FileInfo> found = info(path);
  return found && found->type == FileType::regular;
}

FileSystem& real_file_system() {
  static RealFileSystem files;
  return files;
}

std::variant<std::string, Error> read_or_error(FileSystem& files, const std::string& path) {
  try {
    return files.read(path);
  } catch (const Error& error) {
    if (error.error_number() == 0) throw;
    return error;
  }
}

std::string join_path(std::string_view directory, std::string_view name) {
  if (directory.empty() || name.starts_with('/')) return std::string(name);
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  path += name;
  return path;
}

std::string parent_path(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/'))
    path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

std::string base_name(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/'))
    path.remove_suffix(1);
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace relup
