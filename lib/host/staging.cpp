// SPDX-License-Identifier: Apache-2.0
#include "host/staging.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "host/launcher.hpp"
#include "host/removed_paths.hpp"
#include "release/archive_reader.hpp"
#include "release/file_mode.hpp"

namespace relup::host {
namespace {

using release::Member;
using release::MemberType;

// Open at once: the disk writes many files in the time of one.
constexpr std::size_t most_unsynced_files = 64;

std::string without_final_slash(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

std::string staging_directory(const Host& host) {
  return host.path(".relup-staging");
}

void count_below(FileSystem& files, const std::string& directory, LeftOver& count) {
  for (const DirectoryEntry& entry : files.list(directory)) {
    const std::string path = join_path(directory, entry.name);
    ++count.files;
    if (entry.type == FileType::directory) count_below(files, path, count);
    const auto info = files.link_info(path);
    if (info && info->type == FileType::regular) count.bytes += info->size;
  }
}

}  // namespace

std::string replaced_directory(const std::string& root) {
  return join_path(root, ".relup-staging/replaced");
}

LeftOver left_over(FileSystem& files, const Host& host) {
  LeftOver count;
  const std::string directory = staging_directory(host);
  if (files.is_directory(directory)) count_below(files, directory, count);
  return count;
}

Staging::Staging(FileSystem& files, const Host& host, std::set<std::string> replaced)
    : files_(files),
      host_(host),
      directory_(staging_directory(host)),
      replaced_libraries_(std::move(replaced)) {
  files_.remove_all(directory_);  // of an attempt that was cut off
}

Staging::~Staging() {
  try {
    files_.remove_all(directory_);
  } catch (const Error&) {
    // It does no harm, and the next attempt removes it.
  }
}

// Cookies, the files by which a root knows its releases, and a launcher for all versions belong to
// the host.
std::vector<std::string> Staging::missing_of(const IncomingRelease& incoming) const {
  const release::ReleaseTree& tree = incoming.tree;
  const auto is_there = [&](const std::string& path) {
    return files_.link_info(host_.path(path)).has_value();
  };
  std::vector<std::string> missing;
  for (const release::TreeApplication& application : tree.applications) {
    const bool stays =
        is_there(application.directory) && !replaced_libraries_.contains(application.directory);
    if (!application.is_of_system && !stays) missing.push_back(application.directory);
  }
  for (const std::string& path :
       {"erts-" + tree.release.rel.erts_version, launcher_of(tree.name(), tree.version())}) {
    if (!is_there(path)) missing.push_back(path);
  }
  missing.push_back("releases/" + tree.version());
  return missing;
}

bool Staging::is_missing(const std::string& path) const {
  return std::any_of(missing_.begin(), missing_.end(), [&](const std::string& each) {
    return path.starts_with(each) && (path.size() == each.size() || path[each.size()] == '/');
  });
}

// Every member is judged again, since whether this is what was checked shows at the end only.
void Staging::extract(const IncomingRelease& incoming, Checkpoint& checkpoint) {
  version_ = incoming.tree.version();
  missing_ = missing_of(incoming);
  files_.make_directories(directory_);
  release::ArchiveReader reader(incoming.tarball, *incoming.file);
  release::MemberChecker checker(incoming.tarball, incoming.file->size());
  while (const auto member = reader.next()) {
    checkpoint.pass();
    checker.check(*member);
    if (!is_missing(member->path)) continue;
    extract_member(*member, [&](WritableFile& file) {
      reader.read_data([&](std::string_view piece) {
        checkpoint.pass();
        file.append(piece);
      });
    });
  }
  if (reader.digest() != incoming.digest) {
    throw Error(ErrorCode::bad_input, incoming.tarball + ": was changed after it was checked")
        .with_hint("nothing was installed; write a tarball under another name, then rename it");
  }
  add_rel_file(incoming);
  sync_all(checkpoint);
}

void Staging::extract_member(const Member& member, const WriteData& write) {
  const std::string path = join_path(directory_, without_final_slash(member.path));
  const bool is_directory = member.type == MemberType::directory;
  const std::string folder = is_directory ? path : parent_path(path);
  files_.make_directories(folder);
  for (std::string each = folder; each.size() > directory_.size(); each = parent_path(each)) {
    if (!unsynced_directories_.insert(each).second) break;
  }
  if (is_directory) return;
  if (member.type == MemberType::symlink) return files_.make_symlink(member.link_target, path);
  std::unique_ptr<WritableFile> file = files_.create(path, release::release_mode(member.mode));
  write(*file);
  file->start_sync();
  unsynced_files_.push_back(std::move(file));
  if (unsynced_files_.size() == most_unsynced_files) sync_files();
}

void Staging::extract_text(const std::string& path, const std::string& text) {
  extract_member({path, MemberType::regular, 0644, text.size(), ""},
                 [&text](WritableFile& file) { file.append(text); });
}

void Staging::sync_files() {
  for (const std::unique_ptr<WritableFile>& file : unsynced_files_)
    file->sync();
  unsynced_files_.clear();
}

void Staging::sync_all(Checkpoint& checkpoint) {
  sync_files();
  for (const std::string& directory : unsynced_directories_) {
    checkpoint.pass();
    files_.sync_directory(directory);
  }
  unsynced_directories_.clear();
}

// Older tarballs have the .rel file only beside the version's directory.
void Staging::add_rel_file(const IncomingRelease& incoming) {
  const std::string directory = "releases/" + version_ + "/";
  const std::string& rel_path = incoming.tree.reference.rel_path;
  if (rel_path.starts_with(directory)) return;
  extract_text(directory + incoming.tree.name() + ".rel",
               incoming.tree.reference.files->read(rel_path));
}

void Staging::add_relup(const std::string& text) {
  extract_text("releases/" + version_ + "/relup", text);
  sync_all();
}

// A tarball need bring neither an emulator nor a launcher.
void Staging::publish(const Tell& about_to_publish) {
  std::erase_if(missing_, [&](const std::string& path) {
    const bool is_optional = !path.starts_with("lib/") && !path.starts_with("releases/");
    return is_optional && !files_.link_info(join_path(directory_, path));
  });
  about_to_publish(missing_);
  try {
    for (const std::string& relative : missing_)
      move_into_place(relative);
  } catch (...) {
    undo();
    throw;
  }
}

void Staging::move_into_place(const std::string& relative) {
  const std::string target = host_.path(relative);
  if (!files_.link_info(parent_path(target))) {
    files_.make_directories(parent_path(target));
    files_.sync_directory(host_.root);
  }
  if (files_.link_info(target)) {
    // A release that is replaced, or one that the node does not know: left over from an attempt
    // that was cut off.
    const std::string kept = replaced_directory(host_.root) + "/" + relative;
    files_.make_directories(parent_path(kept));
    files_.rename(target, kept);
    replaced_.emplace_back(target, kept);
  }
  files_.rename(join_path(directory_, relative), target);
  published_.push_back(target);
  files_.sync_directory(parent_path(target));
}

void Staging::undo() {
  std::vector<std::string> paths;
  for (auto path = published_.rbegin(); path != published_.rend(); ++path)
    paths.push_back(path->substr(host_.root.size() + 1));
  remove_paths(files_, host_.root, paths);
  published_.clear();
  for (const auto& [target, kept] : replaced_) {
    files_.rename(kept, target);
    files_.sync_directory(parent_path(target));
  }
  replaced_.clear();
}

}  // namespace relup::host
