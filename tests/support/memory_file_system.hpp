// SPDX-License-Identifier: Apache-2.0
#pragma once

// A FileSystem in memory. It has directories, files, symbolic links, modes and owners; it can run
// full, and it can crash: a power cut forgets all changes that were not synced (`crash`), or some
// of them (`lose`). A change is bytes at a place of a file, a cut of its length, or a name in a
// directory; renaming is one change, even across directories. Syncing a file keeps its bytes, and
// not its name, which is kept by syncing the directory. Errors are those of the real file system
// (system_error). Paths are absolute, or relative to the root. Used from one thread; several may
// read at once.

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.hpp"

namespace relup::support {

class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem();
  ~MemoryFileSystem() override;

  // Becomes a copy of `other`, of what is synced and of what is not. Open files and locks are not
  // copied, nor are hook and limits.
  void copy_from(const MemoryFileSystem& other);

  // For preparing a test: all of it is synced, parents are made, what stands there is replaced.
  void add_file(const std::string& path, std::string_view content, unsigned mode = 0644);
  void add_directory(const std::string& path);
  void add_symlink(const std::string& path, const std::string& target);
  void set_owner(const std::string& path, std::uint32_t owner, std::uint32_t group);

  // Paths of all files and links below `directory`, sorted.
  std::vector<std::string> files_below(const std::string& directory);

  // The same for all that is the same: names, types, modes and contents of what is below
  // `directory`, but for paths that `is_seen` does not hold of, and all below them.
  std::size_t digest(const std::string& directory,
                     const std::function<bool(const std::string& path)>& is_seen);

  // What `free_bytes` says.
  void set_free_bytes(std::uint64_t bytes) { free_bytes_ = bytes; }
  // What `free_files` says.
  void set_free_files(std::uint64_t count) { free_files_ = count; }
  // How many more bytes fit; then `append` writes what fits and fails with ENOSPC.
  void set_byte_budget(std::uint64_t bytes) { control_->byte_budget = bytes; }
  // Reading below `path` fails with EACCES.
  void forbid(const std::string& path) { forbidden_.insert(path); }
  // Called before every change with what is about to happen ("append", "rename", ...) and where; it
  // may throw to make the change fail.
  using Hook = std::function<void(const std::string& action, const std::string& path)>;
  void set_hook(Hook hook) { control_->hook = std::move(hook); }
  // Whose the files are that are created from now on, in the first of the groups; at first root's.
  // Only root may give a file to somebody else.
  struct User {
    std::uint32_t id = 0;
    std::set<std::uint32_t> groups = {0};
  };
  void set_user(User user) { user_ = std::move(user); }
  // How many bytes of the next `append` are written; then it fails with `error_number`.
  void cut_next_append(std::size_t bytes, int error_number) {
    control_->cut = {bytes, error_number};
  }
  // Whoever makes changes is dead: from now on they are dropped, and nobody is told. Whoever reads
  // calls `end`, which may throw to end what goes on in vain; not while an exception is on its way.
  void freeze(std::function<void()> end = {}) {
    control_->is_frozen = true;
    control_->end = std::move(end);
  }
  void thaw() { control_->is_frozen = false; }

  // Overwrites a file in place as a program does that does not care: cuts it to nothing ("truncate"
  // for the hook), then writes ("write"); nothing is synced.
  void overwrite(const std::string& path, std::string_view bytes);

  // The changes that a power cut may lose, in the order in which they were made; not those of what
  // is in the directory `except` only.
  std::vector<std::uint64_t> unsynced(const std::string& except = "");
  // The power goes, and comes back; these changes are lost, and the others are kept. Open files and
  // locks of before must not be used any more.
  void lose(const std::set<std::uint64_t>& changes);
  // The same, and all changes that can be lost are.
  void crash();
  void sync_everything();

  std::string read(const std::string& path) override;
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
  struct Node;
  using NodePointer = std::shared_ptr<Node>;
  class File;
  class Lock;
  struct Cut {
    std::size_t bytes = 0;
    int error_number = 0;
  };
  // What open files need to know, too.
  struct Control {
    Hook hook;
    std::optional<std::uint64_t> byte_budget;
    std::optional<Cut> cut;
    bool is_frozen = false;
    std::function<void()> end;
    std::uint64_t changes = 0;  // made so far
    // Renames of which one directory was synced: the other side is kept with it.
    std::set<std::uint64_t> kept_renames;
  };
  enum class LastLink { follow, keep };

  // Null when there is nothing. `depth` counts followed links.
  NodePointer find(const std::string& path, LastLink last, int depth = 0);
  // The directory that holds the last component; throws ENOENT when it is missing.
  NodePointer parent_of(const std::string& path, const std::string& action);
  NodePointer make_way(const std::string& directory);
  // False where the change is not to be made.
  bool announce(const std::string& action, const std::string& path);
  void set_name(Node& directory, const std::string& name, NodePointer node);
  bool remove_below(Node& directory, const std::string& path);
  void each_reachable(const std::function<void(Node&)>& visit, const Node* except = nullptr) const;
  void check_allowed(const std::string& path) const;

  NodePointer root_;
  std::uint64_t free_bytes_ = 1ULL << 40U;
  std::optional<std::uint64_t> free_files_;
  std::shared_ptr<Control> control_;
  std::shared_ptr<std::set<const Node*>> locked_;
  std::set<std::string> forbidden_;
  User user_;
};

}  // namespace relup::support
