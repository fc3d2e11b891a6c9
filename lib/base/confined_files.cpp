// SPDX-License-Identifier: Apache-2.0
#include "base/confined_files.hpp"

// What is written is named by the open folder that it is in, and a last name. The folder is opened
// from the open root: by openat2(2), which the kernel keeps below the root and away from links; or,
// where there is no such call, name by name, each refused if it is a link. Either way nobody can
// lead us elsewhere by putting a link to where a folder was a moment ago.

#include <cerrno>
#include <climits>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace relup {
namespace {

constexpr int folder_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
constexpr unsigned mode_of_folders = 0755;
constexpr unsigned mode_of_own_folders = 0700;

int open_below(int folder, const std::string& path) {
  open_how how{};
  how.flags = folder_flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  for (;;) {
    const long opened = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof(how));
    if (opened >= 0 || errno != EAGAIN) return static_cast<int>(opened);
  }
}

// Without the call: an old kernel, or a container that forbids what it does not know.
bool is_unknown_call(int error_number) {
  return error_number == ENOSYS || error_number == EPERM;
}

Error leads_out(const std::string& path, const std::string& root) {
  return Error(ErrorCode::bad_input, "nothing is written or removed in " + parent_path(path) +
                                         ", which is not below " + root)
      .with_hint("a symbolic link below " + root +
                 " leads there; put the file itself in its place");
}

FileType type_of(const struct stat& status) {
  if (S_ISREG(status.st_mode)) return FileType::regular;
  if (S_ISDIR(status.st_mode)) return FileType::directory;
  return FileType::other;
}

// The link itself, where there is one.
std::optional<std::string> target_of_link(int folder, const std::string& name) {
  std::string target(PATH_MAX, '\0');
  const ssize_t size = ::readlinkat(folder, name.c_str(), target.data(), target.size());
  if (size < 0) return std::nullopt;
  target.resize(static_cast<std::size_t>(size));
  return target;
}

// What root makes gets the owner of the folder that it is in. Only what is open is given away, and
// only what we have just made: a name could lead to another file by now.
void give_to_owner_of(int folder, int made, const std::string& path) {
  if (::geteuid() != 0) return;
  struct stat above {};
  struct stat own {};
  if (::fstat(folder, &above) != 0 || ::fstat(made, &own) != 0) {
    throw system_error("look at", path, errno);
  }
  if (own.st_uid != 0 || (above.st_uid == 0 && above.st_gid == own.st_gid)) return;
  if (::fchown(made, above.st_uid, above.st_gid) == 0) return;
  if (errno != EPERM && errno != EINVAL) throw system_error("set the owner of", path, errno);
}

std::vector<std::string> names_in(int folder, const std::string& path) {
  const int copy = ::fcntl(folder, F_DUPFD_CLOEXEC, 0);
  DIR* stream = copy < 0 ? nullptr : ::fdopendir(copy);
  if (stream == nullptr) {
    const int reason = errno;
    if (copy >= 0) ::close(copy);
    throw system_error("list", path, reason);
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, ::closedir);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

void remove_below(int folder, const std::string& name, const std::string& path);

void empty_folder(int parent, const std::string& name, const std::string& path) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor folder(::openat(parent, name.c_str(), flags));
  if (!folder.is_open()) throw system_error("remove", path, errno);
  for (const std::string& each : names_in(folder.get(), path))
    remove_below(folder.get(), each, join_path(path, each));
}

// A link is removed, and what it leads to stays.
void remove_below(int folder, const std::string& name, const std::string& path) {
  if (::unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT) return;
  if (errno != EISDIR && errno != EPERM) throw system_error("remove", path, errno);
  empty_folder(folder, name, path);
  if (::unlinkat(folder, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
    throw system_error("remove", path, errno);
  }
}

std::string read_open_file(const Descriptor& file, const std::string& path) {
  std::string bytes;
  std::vector<char> piece(std::size_t{256} << 10U);
  for (;;) {
    const ssize_t count =
        ::pread(file.get(), piece.data(), piece.size(), static_cast<off_t>(bytes.size()));
    if (count == 0) return bytes;
    if (count > 0) bytes.append(piece.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) throw system_error("read", path, errno);
  }
}

}  // namespace

ConfinedFiles::ConfinedFiles(std::string root, Walk walk)
    : files_(real_file_system()),
      root_(std::move(root)),
      folder_(::open(root_.c_str(), folder_flags)),
      walk_(walk) {
  if (!folder_.is_open()) throw system_error("open", root_, errno);
}

void ConfinedFiles::keep_open(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.is_open()) kept_open_.insert_or_assign(path, std::move(file));
}

std::string ConfinedFiles::read(const std::string& path) {
  const auto kept = kept_open_.find(path);
  return kept == kept_open_.end() ? files_.read(path) : read_open_file(kept->second, path);
}

void ConfinedFiles::read_into(const std::string& path, ReadBuffer& buffer) {
  if (kept_open_.contains(path)) return buffer.assign(read(path));
  files_.read_into(path, buffer);
}

std::unique_ptr<ReadableFile> ConfinedFiles::open(const std::string& path) {
  const auto kept = kept_open_.find(path);
  if (kept == kept_open_.end()) return files_.open(path);
  return readable_file(Descriptor(::fcntl(kept->second.get(), F_DUPFD_CLOEXEC, 0)), path);
}

std::optional<std::string> ConfinedFiles::read_if_exists(const std::string& path) {
  if (kept_open_.contains(path)) return read(path);
  return files_.read_if_exists(path);
}

std::vector<DirectoryEntry> ConfinedFiles::list(const std::string& directory) {
  return files_.list(directory);
}

std::optional<FileInfo> ConfinedFiles::info(const std::string& path) {
  const auto kept = kept_open_.find(path);
  if (kept == kept_open_.end()) return files_.info(path);
  struct stat status {};
  if (::fstat(kept->second.get(), &status) != 0) throw system_error("look at", path, errno);
  return FileInfo{type_of(status),         static_cast<std::uint64_t>(status.st_size),
                  status.st_mode & 07777U, status.st_uid,
                  status.st_gid,           {status.st_dev, status.st_ino}};
}

std::optional<FileInfo> ConfinedFiles::link_info(const std::string& path) {
  return files_.link_info(path);
}

std::string ConfinedFiles::read_link(const std::string& path) {
  return files_.read_link(path);
}

// `..` goes back to the name before: names are those of folders, never of links.
ConfinedFiles::Names ConfinedFiles::names_below_root(const std::string& path) const {
  if (path != root_ && !path.starts_with(root_.ends_with('/') ? root_ : root_ + "/")) {
    throw leads_out(path, root_);
  }
  Names names;
  std::size_t begin = root_.size();
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name == ".." && names.empty()) throw leads_out(path, root_);
    if (name == "..") {
      names.pop_back();
    } else if (!name.empty() && name != ".") {
      names.push_back(name);
    }
  }
  return names;
}

std::string ConfinedFiles::path_of(const Names& names, std::size_t count) const {
  std::string path = root_;
  for (std::size_t i = 0; i < count; ++i)
    path = join_path(path, names[i]);
  return path;
}

ConfinedFiles::Place ConfinedFiles::place_of(const std::string& path, const std::string& action) {
  Names names = names_below_root(path);
  if (names.empty()) throw system_error(action, path, EBUSY);
  std::string name = std::move(names.back());
  names.pop_back();
  return {open_folder(names, action), std::move(name)};
}

Descriptor ConfinedFiles::open_folder(const Names& names, const std::string& action) {
  if (names.empty()) return Descriptor(::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
  if (walk_ == Walk::by_kernel) {
    std::string relative = names.front();
    for (std::size_t i = 1; i < names.size(); ++i)
      relative += "/" + names[i];
    Descriptor folder(open_below(folder_.get(), relative));
    if (folder.is_open()) return folder;
    const int reason = errno;
    if (!is_unknown_call(reason)) {
      refuse_link_on(names);
      throw system_error(action, path_of(names, names.size()), reason);
    }
    walk_ = Walk::step_by_step;
  }
  return open_step_by_step(names, action);
}

Descriptor ConfinedFiles::open_step_by_step(const Names& names, const std::string& action) const {
  Descriptor folder(::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
  for (std::size_t i = 0; i < names.size(); ++i)
    folder = open_step(folder, names, i, action);
  return folder;
}

Descriptor ConfinedFiles::open_step(const Descriptor& folder, const Names& names, std::size_t index,
                                    const std::string& action) const {
  Descriptor next(::openat(folder.get(), names[index].c_str(), folder_flags | O_NOFOLLOW));
  if (next.is_open()) return next;
  const int reason = errno;
  refuse_link_on(names);
  throw system_error(action, path_of(names, index + 1), reason);
}

// Names the link that stands in the way; returns where there is none.
void ConfinedFiles::refuse_link_on(const Names& names) const {
  Descriptor folder(::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
  for (std::size_t i = 0; i < names.size() && folder.is_open(); ++i) {
    if (const auto target = target_of_link(folder.get(), names[i])) {
      const std::string path = path_of(names, i + 1);
      throw Error(ErrorCode::bad_input, path + " is a symbolic link to " + *target +
                                            ": nothing is written or removed by way of a link "
                                            "below " +
                                            root_)
          .with_hint("put the folder itself there, or mount it there with `mount --bind`");
    }
    folder = Descriptor(::openat(folder.get(), names[i].c_str(), folder_flags | O_NOFOLLOW));
  }
}

std::unique_ptr<WritableFile> ConfinedFiles::create(const std::string& path, unsigned mode) {
  const Place place = place_of(path, "create");
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor descriptor(::openat(place.folder.get(), place.name.c_str(), flags, mode & 0700U));
  if (!descriptor.is_open()) throw system_error("create", path, errno);
  try {
    give_to_owner_of(place.folder.get(), descriptor.get(), path);
    auto file = writable_file(std::move(descriptor), path);
    file->set_mode(mode);
    return file;
  } catch (const Error&) {
    ::unlinkat(place.folder.get(), place.name.c_str(), 0);
    throw;
  }
}

std::unique_ptr<WritableFile> ConfinedFiles::append_to(const std::string& path) {
  const Place place = place_of(path, "open");
  constexpr int flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
  Descriptor descriptor(::openat(place.folder.get(), place.name.c_str(), flags));
  if (!descriptor.is_open()) throw system_error("open", path, errno);
  return writable_file(std::move(descriptor), path);
}

void ConfinedFiles::make_directories(const std::string& path) {
  const Names names = names_below_root(path);
  Descriptor folder(::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool is_new = ::mkdirat(folder.get(), names[i].c_str(), 0700) == 0;
    if (!is_new && errno != EEXIST) {
      throw system_error("create directory", path_of(names, i + 1), errno);
    }
    folder =
        is_new ? make_folder(folder, names, i) : open_step(folder, names, i, "create directory");
  }
}

// Of a folder that is new: mode and owner.
Descriptor ConfinedFiles::make_folder(const Descriptor& folder, const Names& names,
                                      std::size_t index) const {
  const std::string path = path_of(names, index + 1);
  const std::string& name = names[index];
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Descriptor made(::openat(folder.get(), name.c_str(), flags));
  if (!made.is_open()) throw system_error("create directory", path, errno);
  give_to_owner_of(folder.get(), made.get(), path);
  const bool is_own = index == 0 && name.starts_with('.');
  if (::fchmod(made.get(), is_own ? mode_of_own_folders : mode_of_folders) != 0) {
    throw system_error("set the mode of", path, errno);
  }
  return made;
}

void ConfinedFiles::make_symlink(const std::string& target, const std::string& path) {
  const Place place = place_of(path, "link");
  if (::symlinkat(target.c_str(), place.folder.get(), place.name.c_str()) != 0) {
    throw system_error("link", path, errno);
  }
}

void ConfinedFiles::rename(const std::string& from, const std::string& to) {
  const std::string action = "rename " + from + " to";
  const Place old_place = place_of(from, action);
  const Place new_place = place_of(to, action);
  if (::renameat(old_place.folder.get(), old_place.name.c_str(), new_place.folder.get(),
                 new_place.name.c_str()) != 0) {
    throw system_error(action, to, errno);
  }
}

void ConfinedFiles::remove_file(const std::string& path) {
  const Place place = place_of(path, "remove");
  if (::unlinkat(place.folder.get(), place.name.c_str(), 0) != 0) {
    throw system_error("remove", path, errno);
  }
}

void ConfinedFiles::remove_all(const std::string& path) {
  names_below_root(path);
  if (!files_.link_info(path)) return;
  const Place place = place_of(path, "remove");
  remove_below(place.folder.get(), place.name, path);
}

void ConfinedFiles::sync_directory(const std::string& path) {
  files_.sync_directory(path);
}

std::uint64_t ConfinedFiles::free_bytes(const std::string& path) {
  return files_.free_bytes(path);
}

std::optional<std::uint64_t> ConfinedFiles::free_files(const std::string& path) {
  return files_.free_files(path);
}

// The lock goes by its path, and links on the way are looked for beforehand: whoever exchanges a
// folder for a link in that moment gets an empty file of the lock's name, and no more.
std::unique_ptr<FileLock> ConfinedFiles::try_lock(const std::string& path,
                                                  const std::string& holder) {
  place_of(path, "lock");
  return files_.try_lock(path, holder);
}

std::optional<std::string> ConfinedFiles::lock_holder(const std::string& path) {
  return files_.lock_holder(path);
}

}  // namespace relup
