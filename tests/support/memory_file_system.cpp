// SPDX-License-Identifier: Apache-2.0
#include "support/memory_file_system.hpp"

// Nodes form a tree like inodes. A file keeps its content and the content that was synced last; a
// directory keeps its names and the names that were synced last. A crash goes through the tree of
// synced names and puts the synced content back. Renaming a directory moves its node, so that what
// was synced below it stays so.

#include <cerrno>
#include <map>

#include "base/error.hpp"

namespace relup::support {

struct MemoryFileSystem::Node {
  FileType type = FileType::directory;
  unsigned mode = 0755;
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  std::string content;  // of a file; the target of a link
  std::string synced_content;
  std::map<std::string, NodePointer> names;  // of a directory
  std::map<std::string, NodePointer> synced_names;

  FileInfo info() const { return {type, content.size(), mode, owner, group}; }

  void sync_all() {
    synced_content = content;
    synced_names = names;
  }
};

namespace {

constexpr int most_links = 40;

std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    begin = end + 1;
  }
  return parts;
}

std::string joined(const std::vector<std::string>& parts, std::size_t begin = 0) {
  std::string path;
  for (std::size_t i = begin; i < parts.size(); ++i)
    path += "/" + parts[i];
  return path;
}

}  // namespace

class MemoryFileSystem::File final : public WritableFile {
 public:
  File(NodePointer node, std::string path, std::shared_ptr<std::optional<std::uint64_t>> budget,
       std::shared_ptr<Hook> hook, User user)
      : node_(std::move(node)),
        path_(std::move(path)),
        budget_(std::move(budget)),
        hook_(std::move(hook)),
        user_(std::move(user)) {}

  void append(std::string_view bytes) override {
    if (*hook_) (*hook_)("append", path_);
    const std::size_t room =
        *budget_ ? static_cast<std::size_t>(std::min<std::uint64_t>(**budget_, bytes.size()))
                 : bytes.size();
    node_->content += bytes.substr(0, room);
    if (*budget_) **budget_ -= room;
    if (room < bytes.size()) throw system_error("write", path_, ENOSPC);
  }

  void sync() override {
    if (*hook_) (*hook_)("sync", path_);
    node_->synced_content = node_->content;
  }

  void set_mode(unsigned mode) override {
    if (*hook_) (*hook_)("set mode", path_);
    node_->mode = mode;
  }

  bool set_owner(std::optional<std::uint32_t> owner, std::uint32_t group) override {
    if (*hook_) (*hook_)("set owner", path_);
    const std::uint32_t wanted = owner.value_or(node_->owner);
    const bool is_own = wanted == node_->owner && user_.groups.contains(group);
    const bool stays = wanted == node_->owner && group == node_->group;
    if (user_.id != 0 && !is_own && !stays) return false;
    node_->owner = wanted;
    node_->group = group;
    node_->mode &= 01777U;
    return true;
  }

 private:
  NodePointer node_;
  std::string path_;
  std::shared_ptr<std::optional<std::uint64_t>> budget_;
  std::shared_ptr<Hook> hook_;
  User user_;
};

class MemoryFileSystem::Lock final : public FileLock {
 public:
  Lock(NodePointer directory, std::string name, std::shared_ptr<std::set<const Node*>> locked)
      : directory_(std::move(directory)),
        name_(std::move(name)),
        node_(directory_->names.at(name_)),
        locked_(std::move(locked)) {
    locked_->insert(node_.get());
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() override {
    locked_->erase(node_.get());
    directory_->names.erase(name_);
  }

 private:
  NodePointer directory_;
  std::string name_;
  NodePointer node_;
  std::shared_ptr<std::set<const Node*>> locked_;
};

MemoryFileSystem::MemoryFileSystem()
    : root_(std::make_shared<Node>()),
      byte_budget_(std::make_shared<std::optional<std::uint64_t>>()),
      hook_(std::make_shared<Hook>()),
      locked_(std::make_shared<std::set<const Node*>>()) {}

MemoryFileSystem::~MemoryFileSystem() = default;

void MemoryFileSystem::announce(const std::string& action, const std::string& path) {
  if (*hook_) (*hook_)(action, path);
}

void MemoryFileSystem::check_allowed(const std::string& path) const {
  for (const std::string& place : forbidden_) {
    if (path == place || path.starts_with(place + "/")) throw system_error("open", path, EACCES);
  }
}

MemoryFileSystem::NodePointer MemoryFileSystem::find(const std::string& path, LastLink last,
                                                     int depth) {
  if (depth > most_links) throw system_error("look at", path, ELOOP);
  const std::vector<std::string> parts = components(path);
  NodePointer node = root_;
  std::vector<std::string> walked;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (node->type != FileType::directory) return nullptr;
    const auto entry = node->names.find(parts[i]);
    if (entry == node->names.end()) return nullptr;
    node = entry->second;
    const bool is_last = i + 1 == parts.size();
    if (node->type == FileType::symlink && (!is_last || last == LastLink::follow)) {
      const std::string target = join_path(joined(walked) + "/", node->content);
      return find(target + joined(parts, i + 1), last, depth + 1);
    }
    walked.push_back(parts[i]);
  }
  return node;
}

MemoryFileSystem::NodePointer MemoryFileSystem::parent_of(const std::string& path,
                                                          const std::string& action) {
  const NodePointer parent = find(parent_path(path), LastLink::follow);
  if (!parent) throw system_error(action, path, ENOENT);
  if (parent->type != FileType::directory) throw system_error(action, path, ENOTDIR);
  return parent;
}

// The directory, made together with its parents where they are missing.
MemoryFileSystem::NodePointer MemoryFileSystem::make_way(const std::string& directory) {
  if (NodePointer found = find(directory, LastLink::follow)) {
    if (found->type != FileType::directory) {
      throw system_error("create directory", directory, ENOTDIR);
    }
    return found;
  }
  const NodePointer parent = make_way(parent_path(directory));
  return parent->names[base_name(directory)] = std::make_shared<Node>();
}

void MemoryFileSystem::add_directory(const std::string& path) {
  make_way(path);
  for (std::string at = path; at != "/" && at != "."; at = parent_path(at))
    find(parent_path(at), LastLink::follow)->sync_all();
}

void MemoryFileSystem::add_file(const std::string& path, std::string_view content, unsigned mode) {
  add_directory(parent_path(path));
  auto node = std::make_shared<Node>();
  node->type = FileType::regular;
  node->mode = mode;
  node->content = content;
  node->sync_all();
  const NodePointer parent = parent_of(path, "create");
  parent->names[base_name(path)] = node;
  parent->sync_all();
}

void MemoryFileSystem::set_owner(const std::string& path, std::uint32_t owner,
                                 std::uint32_t group) {
  const NodePointer node = find(path, LastLink::keep);
  node->owner = owner;
  node->group = group;
}

void MemoryFileSystem::add_symlink(const std::string& path, const std::string& target) {
  add_file(path, target, 0777);
  find(path, LastLink::keep)->type = FileType::symlink;
}

std::vector<std::string> MemoryFileSystem::files_below(const std::string& directory) {
  std::vector<std::string> found;
  for (const DirectoryEntry& entry : list(directory)) {
    const std::string path = join_path(directory, entry.name);
    if (entry.type != FileType::directory) {
      found.push_back(path);
      continue;
    }
    const std::vector<std::string> below = files_below(path);
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

void MemoryFileSystem::crash() {
  std::vector<NodePointer> waiting{root_};
  while (!waiting.empty()) {
    const NodePointer node = waiting.back();
    waiting.pop_back();
    node->content = node->synced_content;
    node->names = node->synced_names;
    for (const auto& [name, below] : node->names)
      waiting.push_back(below);
  }
  locked_ = std::make_shared<std::set<const Node*>>();
}

std::string MemoryFileSystem::read(const std::string& path) {
  std::optional<std::string> content = read_if_exists(path);
  if (!content) throw system_error("open", path, ENOENT);
  return *std::move(content);
}

std::optional<std::string> MemoryFileSystem::read_if_exists(const std::string& path) {
  check_allowed(path);
  const NodePointer node = find(path, LastLink::follow);
  if (!node) return std::nullopt;
  if (node->type == FileType::directory) throw system_error("read", path, EISDIR);
  return node->content;
}

std::vector<DirectoryEntry> MemoryFileSystem::list(const std::string& directory) {
  check_allowed(directory);
  const NodePointer node = find(directory, LastLink::follow);
  if (!node) throw system_error("list", directory, ENOENT);
  if (node->type != FileType::directory) throw system_error("list", directory, ENOTDIR);
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, below] : node->names)
    entries.push_back({name, below->type});
  return entries;
}

std::optional<FileInfo> MemoryFileSystem::info(const std::string& path) {
  const NodePointer node = find(path, LastLink::follow);
  if (!node) return std::nullopt;
  return node->info();
}

std::optional<FileInfo> MemoryFileSystem::link_info(const std::string& path) {
  const NodePointer node = find(path, LastLink::keep);
  if (!node) return std::nullopt;
  return node->info();
}

std::string MemoryFileSystem::read_link(const std::string& path) {
  const NodePointer node = find(path, LastLink::keep);
  if (!node) throw system_error("read the link", path, ENOENT);
  if (node->type != FileType::symlink) throw system_error("read the link", path, EINVAL);
  return node->content;
}

std::unique_ptr<WritableFile> MemoryFileSystem::create(const std::string& path, unsigned mode) {
  announce("create", path);
  const NodePointer parent = parent_of(path, "create");
  auto node = std::make_shared<Node>();
  node->type = FileType::regular;
  node->mode = mode;
  node->owner = user_.id;
  node->group = user_.groups.empty() ? 0 : *user_.groups.begin();
  if (!parent->names.emplace(base_name(path), node).second) {
    throw system_error("create", path, EEXIST);
  }
  return std::make_unique<File>(node, path, byte_budget_, hook_, user_);
}

void MemoryFileSystem::make_directories(const std::string& path) {
  announce("create directory", path);
  make_way(path);
}

void MemoryFileSystem::make_symlink(const std::string& target, const std::string& path) {
  announce("link", path);
  auto node = std::make_shared<Node>();
  node->type = FileType::symlink;
  node->mode = 0777;
  node->content = target;
  node->synced_content = target;
  if (!parent_of(path, "link")->names.emplace(base_name(path), node).second) {
    throw system_error("link", path, EEXIST);
  }
}

void MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  announce("rename", to);
  const NodePointer node = find(from, LastLink::keep);
  const std::string action = "rename " + from + " to";
  if (!node) throw system_error(action, to, ENOENT);
  const NodePointer source = parent_of(from, action);
  const NodePointer target = parent_of(to, action);
  const auto old = target->names.find(base_name(to));
  if (old != target->names.end() && old->second != node) {
    const bool was_directory = old->second->type == FileType::directory;
    if (was_directory) {
      throw system_error(action, to, node->type == FileType::directory ? ENOTEMPTY : EISDIR);
    }
    if (node->type == FileType::directory) throw system_error(action, to, ENOTDIR);
  }
  source->names.erase(base_name(from));
  target->names[base_name(to)] = node;
}

void MemoryFileSystem::remove_file(const std::string& path) {
  announce("remove", path);
  const NodePointer node = find(path, LastLink::keep);
  if (!node) throw system_error("remove", path, ENOENT);
  if (node->type == FileType::directory) throw system_error("remove", path, EISDIR);
  parent_of(path, "remove")->names.erase(base_name(path));
}

void MemoryFileSystem::remove_all(const std::string& path) {
  announce("remove", path);
  if (!find(path, LastLink::keep)) return;
  parent_of(path, "remove")->names.erase(base_name(path));
}

void MemoryFileSystem::sync_directory(const std::string& path) {
  announce("sync", path);
  const NodePointer node = find(path, LastLink::follow);
  if (!node) throw system_error("open", path, ENOENT);
  if (node->type != FileType::directory) throw system_error("open", path, ENOTDIR);
  node->synced_names = node->names;
}

std::uint64_t MemoryFileSystem::free_bytes(const std::string& path) {
  if (!find(path, LastLink::follow)) throw system_error("measure", path, ENOENT);
  return free_bytes_;
}

std::optional<std::uint64_t> MemoryFileSystem::free_files(const std::string& /*path*/) {
  return free_files_;
}

std::unique_ptr<FileLock> MemoryFileSystem::try_lock(const std::string& path,
                                                     const std::string& holder) {
  announce("lock", path);
  const NodePointer directory = parent_of(path, "lock");
  NodePointer& node = directory->names[base_name(path)];
  if (!node) {
    node = std::make_shared<Node>();
    node->type = FileType::regular;
    node->mode = 0644;
  }
  if (node->type == FileType::symlink) throw system_error("lock", path, ELOOP);
  if (locked_->contains(node.get())) return nullptr;
  node->content = holder;
  return std::make_unique<Lock>(directory, base_name(path), locked_);
}

std::optional<std::string> MemoryFileSystem::lock_holder(const std::string& path) {
  const NodePointer node = find(path, LastLink::keep);
  if (!node || !locked_->contains(node.get())) return std::nullopt;
  return node->content;
}

}  // namespace relup::support
