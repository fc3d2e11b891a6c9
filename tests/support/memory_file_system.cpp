// SPDX-License-Identifier: Apache-2.0
#include "support/memory_file_system.hpp"

// Nodes form a tree like inodes. Each has what it holds now, what it held when it was synced last,
// and the changes between the two, each with a number. A power cut makes what it holds anew: from
// what was synced, by the changes that are not lost. Renaming a directory moves its node, so that
// what was synced below it stays so; a rename across directories is a change of both, with one
// number, and is kept or lost as a whole.
//
// Tests copy whole file systems many thousand times, and change little in them. So the bytes of a
// file are shared by all copies; a change makes them anew. Their digest is made once.

#include <algorithm>
#include <cerrno>
#include <exception>
#include <map>
#include <utility>

#include "base/error.hpp"

namespace relup::support {

// Bytes that nobody changes.
struct Bytes {
  explicit Bytes(std::string_view bytes)
      : text(bytes), digest(std::hash<std::string_view>()(bytes)) {}
  std::string text;
  std::size_t digest;
};

struct MemoryFileSystem::Node {
  using Names = std::map<std::string, NodePointer, std::less<>>;
  struct Change {
    std::uint64_t number = 0;
    std::string name = {};   // in a directory
    NodePointer node = {};   // null: the name goes
    std::size_t offset = 0;  // in a file
    std::string bytes = {};
    bool is_truncation = false;
    bool is_rename = false;
  };

  FileType type = FileType::directory;
  unsigned mode = 0755;
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  std::shared_ptr<const Bytes> content = no_bytes();  // of a file; the target of a link
  std::shared_ptr<const Bytes> synced_content = no_bytes();
  Names names;  // of a directory
  Names synced_names;
  std::vector<Change> unsynced;

  static const std::shared_ptr<const Bytes>& no_bytes() {
    static const auto none = std::make_shared<const Bytes>("");
    return none;
  }

  const std::string& text() const { return content->text; }
  void set_text(std::string_view bytes) { content = std::make_shared<const Bytes>(bytes); }

  FileInfo info() const {
    return {type, text().size(), mode, owner, group, {1, reinterpret_cast<std::uintptr_t>(this)}};
  }

  void sync_all() {
    synced_content = content;
    synced_names = names;
    unsynced.clear();
  }

  void make(const Change& change) {
    if (type == FileType::directory) {
      if (change.node) {
        names[change.name] = change.node;
      } else {
        names.erase(change.name);
      }
    } else if (change.is_truncation) {
      content = no_bytes();
    } else {
      std::string all = text();
      if (all.size() < change.offset + change.bytes.size())
        all.resize(change.offset + change.bytes.size(), '\0');
      all.replace(change.offset, change.bytes.size(), change.bytes);
      set_text(all);
    }
  }

  void make_new(Change change) {
    make(change);
    unsynced.push_back(std::move(change));
  }

  void lose(const std::set<std::uint64_t>& lost) {
    content = synced_content;
    names = synced_names;
    for (const Change& change : unsynced) {
      if (!lost.contains(change.number)) make(change);
    }
    sync_all();
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
  File(NodePointer node, std::string path, std::shared_ptr<Control> control, User user)
      : node_(std::move(node)),
        path_(std::move(path)),
        control_(std::move(control)),
        user_(std::move(user)) {}

  void append(std::string_view bytes) override {
    if (!announce("append")) return;
    std::size_t room = bytes.size();
    int failure = 0;
    if (const auto cut = std::exchange(control_->cut, std::nullopt)) {
      room = std::min(room, cut->bytes);
      failure = cut->error_number;
    }
    if (auto& budget = control_->byte_budget) {
      if (*budget < room) failure = ENOSPC;
      room = static_cast<std::size_t>(std::min<std::uint64_t>(*budget, room));
      *budget -= room;
    }
    node_->make_new({.number = ++control_->changes,
                     .offset = node_->text().size(),
                     .bytes = std::string(bytes.substr(0, room))});
    if (failure != 0) throw system_error("write", path_, failure);
  }

  void sync() override {
    if (announce("sync")) node_->sync_all();
  }

  void set_mode(unsigned mode) override {
    if (announce("set mode")) node_->mode = mode;
  }

  bool set_owner(std::optional<std::uint32_t> owner, std::uint32_t group) override {
    if (!announce("set owner")) return true;
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
  bool announce(const std::string& action) {
    if (!control_->is_frozen && control_->hook) control_->hook(action, path_);
    return !control_->is_frozen;
  }

  NodePointer node_;
  std::string path_;
  std::shared_ptr<Control> control_;
  User user_;
};

class MemoryFileSystem::Lock final : public FileLock {
 public:
  Lock(MemoryFileSystem& files, NodePointer directory, std::string name)
      : files_(files),
        directory_(std::move(directory)),
        name_(std::move(name)),
        node_(directory_->names.at(name_)),
        locked_(files.locked_) {
    locked_->insert(node_.get());
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  // The file of a holder who was killed stays.
  ~Lock() override {
    locked_->erase(node_.get());
    if (!files_.control_->is_frozen) files_.set_name(*directory_, name_, nullptr);
  }

 private:
  MemoryFileSystem& files_;
  NodePointer directory_;
  std::string name_;
  NodePointer node_;
  std::shared_ptr<std::set<const Node*>> locked_;
};

MemoryFileSystem::MemoryFileSystem()
    : root_(std::make_shared<Node>()),
      control_(std::make_shared<Control>()),
      locked_(std::make_shared<std::set<const Node*>>()) {}

MemoryFileSystem::~MemoryFileSystem() = default;

bool MemoryFileSystem::announce(const std::string& action, const std::string& path) {
  if (!control_->is_frozen && control_->hook) control_->hook(action, path);
  return !control_->is_frozen;
}

void MemoryFileSystem::set_name(Node& directory, const std::string& name, NodePointer node) {
  directory.make_new({.number = ++control_->changes, .name = name, .node = std::move(node)});
}

void MemoryFileSystem::check_allowed(const std::string& path) const {
  for (const std::string& place : forbidden_) {
    if (path == place || path.starts_with(place + "/")) throw system_error("open", path, EACCES);
  }
}

MemoryFileSystem::NodePointer MemoryFileSystem::find(const std::string& path, LastLink last,
                                                     int depth) {
  if (control_->is_frozen && control_->end && std::uncaught_exceptions() == 0) control_->end();
  if (depth > most_links) throw system_error("look at", path, ELOOP);
  if (path.find("..") != std::string::npos) {
    const std::string plain = joined(components(path));
    if (plain != path) return find(plain, last, depth);
  }
  const NodePointer* node = &root_;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part(path.data() + begin, end - begin);
    if (!part.empty() && part != ".") {
      if ((*node)->type != FileType::directory) return nullptr;
      const auto entry = (*node)->names.find(part);
      if (entry == (*node)->names.end()) return nullptr;
      node = &entry->second;
      const bool is_last = path.find_first_not_of('/', end) == std::string::npos;
      if ((*node)->type == FileType::symlink && (!is_last || last == LastLink::follow))
        return find(join_path(path.substr(0, begin) + "/", (*node)->text()) + path.substr(end),
                    last, depth + 1);
    }
    begin = end + 1;
  }
  return *node;
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
  auto made = std::make_shared<Node>();
  set_name(*parent, base_name(directory), made);
  return made;
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
  node->set_text(content);
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

std::size_t MemoryFileSystem::digest(const std::string& directory,
                                     const std::function<bool(const std::string&)>& is_seen) {
  std::size_t all = 0;
  const auto mix = [&all](std::size_t more) {
    all = (all ^ more) * 0x9E3779B97F4A7C15U;
    all ^= all >> 29U;
  };
  const std::function<void(const Node&, const std::string&)> walk = [&](const Node& node,
                                                                        const std::string& path) {
    for (const auto& [name, below] : node.names) {
      const std::string its = path + "/" + name;
      if (!is_seen(its)) continue;
      mix(std::hash<std::string>()(its));
      mix(static_cast<std::size_t>(below->type));
      mix(below->mode);
      mix(below->content->digest);
      walk(*below, its);
    }
  };
  if (const NodePointer node = find(directory, LastLink::follow)) walk(*node, directory);
  return all;
}

void MemoryFileSystem::each_reachable(const std::function<void(Node&)>& visit,
                                      const Node* except) const {
  std::set<const Node*> seen{except};
  std::vector<NodePointer> waiting{root_};
  while (!waiting.empty()) {
    const NodePointer node = waiting.back();
    waiting.pop_back();
    if (!seen.insert(node.get()).second) continue;
    for (const auto* names : {&node->names, &node->synced_names}) {
      for (const auto& [name, below] : *names)
        waiting.push_back(below);
    }
    visit(*node);
  }
}

std::vector<std::uint64_t> MemoryFileSystem::unsynced(const std::string& except) {
  const NodePointer unseen = except.empty() ? nullptr : find(except, LastLink::keep);
  std::set<std::uint64_t> numbers;
  each_reachable(
      [&](Node& node) {
        for (const Node::Change& change : node.unsynced) {
          if (!control_->kept_renames.contains(change.number)) numbers.insert(change.number);
        }
      },
      unseen.get());
  return {numbers.begin(), numbers.end()};
}

// Down from what is there: a change that is lost may have been the only way to a node.
void MemoryFileSystem::lose(const std::set<std::uint64_t>& changes) {
  std::set<const Node*> seen;
  std::vector<NodePointer> waiting{root_};
  while (!waiting.empty()) {
    const NodePointer node = waiting.back();
    waiting.pop_back();
    if (!seen.insert(node.get()).second) continue;
    node->lose(changes);
    for (const auto& [name, below] : node->names)
      waiting.push_back(below);
  }
  locked_ = std::make_shared<std::set<const Node*>>();
}

void MemoryFileSystem::sync_everything() {
  each_reachable([](Node& node) { node.sync_all(); });
}

void MemoryFileSystem::crash() {
  const auto all = unsynced();
  lose({all.begin(), all.end()});
}

void MemoryFileSystem::copy_from(const MemoryFileSystem& other) {
  std::map<const Node*, NodePointer> copies;
  const std::function<NodePointer(const NodePointer&)> copy = [&](const NodePointer& node) {
    if (!node) return NodePointer();
    if (const auto known = copies.find(node.get()); known != copies.end()) return known->second;
    const auto made = std::make_shared<Node>(*node);
    copies[node.get()] = made;
    for (auto* names : {&made->names, &made->synced_names}) {
      for (auto& [name, below] : *names)
        below = copy(below);
    }
    for (Node::Change& change : made->unsynced)
      change.node = copy(change.node);
    return made;
  };
  root_ = copy(other.root_);
  control_ = std::make_shared<Control>();
  control_->changes = other.control_->changes;
  control_->kept_renames = other.control_->kept_renames;
  locked_ = std::make_shared<std::set<const Node*>>();
  free_bytes_ = other.free_bytes_;
  free_files_ = other.free_files_;
  user_ = other.user_;
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
  return node->text();
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
  return node->text();
}

std::unique_ptr<WritableFile> MemoryFileSystem::create(const std::string& path, unsigned mode) {
  const bool is_alive = announce("create", path);
  const NodePointer parent = is_alive ? parent_of(path, "create") : std::make_shared<Node>();
  auto node = std::make_shared<Node>();
  node->type = FileType::regular;
  node->mode = mode;
  node->owner = user_.id;
  node->group = user_.groups.empty() ? 0 : *user_.groups.begin();
  if (parent->names.contains(base_name(path))) throw system_error("create", path, EEXIST);
  set_name(*parent, base_name(path), node);
  return std::make_unique<File>(node, path, control_, user_);
}

std::unique_ptr<WritableFile> MemoryFileSystem::append_to(const std::string& path) {
  check_allowed(path);
  const NodePointer node = find(path, LastLink::keep);
  if (!node) throw system_error("open", path, ENOENT);
  if (node->type == FileType::symlink) throw system_error("open", path, ELOOP);
  if (node->type == FileType::directory) throw system_error("open", path, EISDIR);
  return std::make_unique<File>(node, path, control_, user_);
}

void MemoryFileSystem::overwrite(const std::string& path, std::string_view bytes) {
  NodePointer node = find(path, LastLink::follow);
  if (!node) {
    if (!announce("create", path)) return;
    node = std::make_shared<Node>();
    node->type = FileType::regular;
    node->mode = 0644;
    set_name(*parent_of(path, "create"), base_name(path), node);
  } else {
    if (!announce("truncate", path)) return;
    node->make_new({.number = ++control_->changes, .is_truncation = true});
  }
  if (!announce("write", path)) return;
  node->make_new({.number = ++control_->changes, .bytes = std::string(bytes)});
}

void MemoryFileSystem::make_directories(const std::string& path) {
  if (announce("create directory", path)) make_way(path);
}

void MemoryFileSystem::make_symlink(const std::string& target, const std::string& path) {
  if (!announce("link", path)) return;
  auto node = std::make_shared<Node>();
  node->type = FileType::symlink;
  node->mode = 0777;
  node->set_text(target);
  node->synced_content = node->content;
  const NodePointer parent = parent_of(path, "link");
  if (parent->names.contains(base_name(path))) throw system_error("link", path, EEXIST);
  set_name(*parent, base_name(path), node);
}

void MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  if (!announce("rename", to)) return;
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
  const std::uint64_t number = ++control_->changes;
  source->make_new({.number = number, .name = base_name(from), .node = nullptr, .is_rename = true});
  target->make_new({.number = number, .name = base_name(to), .node = node, .is_rename = true});
}

void MemoryFileSystem::remove_file(const std::string& path) {
  if (!announce("remove", path)) return;
  const NodePointer node = find(path, LastLink::keep);
  if (!node) throw system_error("remove", path, ENOENT);
  if (node->type == FileType::directory) throw system_error("remove", path, EISDIR);
  set_name(*parent_of(path, "remove"), base_name(path), nullptr);
}

// From the leaves up, as it has to be done on a disk. False once nothing is to be changed any more.
bool MemoryFileSystem::remove_below(Node& directory, const std::string& path) {
  const Node::Names names = directory.names;
  for (const auto& [name, node] : names) {
    const std::string below = join_path(path, name);
    if (node->type == FileType::directory && !remove_below(*node, below)) return false;
    if (!announce("remove", below)) return false;
    set_name(directory, name, nullptr);
  }
  return true;
}

void MemoryFileSystem::remove_all(const std::string& path) {
  const NodePointer node = find(path, LastLink::keep);
  if (node && node->type == FileType::directory && !remove_below(*node, path)) return;
  if (!announce("remove", path) || !node) return;
  set_name(*parent_of(path, "remove"), base_name(path), nullptr);
}

void MemoryFileSystem::sync_directory(const std::string& path) {
  if (!announce("sync", path)) return;
  const NodePointer node = find(path, LastLink::follow);
  if (!node) throw system_error("open", path, ENOENT);
  if (node->type != FileType::directory) throw system_error("open", path, ENOTDIR);
  for (const Node::Change& change : node->unsynced) {
    if (change.is_rename) control_->kept_renames.insert(change.number);
  }
  node->sync_all();
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
  if (!announce("lock", path)) return nullptr;
  const NodePointer directory = parent_of(path, "lock");
  const auto found = directory->names.find(base_name(path));
  NodePointer node = found == directory->names.end() ? nullptr : found->second;
  if (!node) {
    node = std::make_shared<Node>();
    node->type = FileType::regular;
    node->mode = 0644;
    set_name(*directory, base_name(path), node);
  }
  if (node->type == FileType::symlink) throw system_error("lock", path, ELOOP);
  if (locked_->contains(node.get())) return nullptr;
  node->set_text(holder);
  return std::make_unique<Lock>(*this, directory, base_name(path));
}

std::optional<std::string> MemoryFileSystem::lock_holder(const std::string& path) {
  const NodePointer node = find(path, LastLink::keep);
  if (!node || !locked_->contains(node.get())) return std::nullopt;
  return node->text();
}

}  // namespace relup::support
