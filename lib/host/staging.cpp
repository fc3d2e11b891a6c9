// SPDX-License-Identifier: Apache-2.0
#include "host/staging.hpp"

#include <set>

#include "base/error.hpp"
#include "host/launcher.hpp"
#include "release/archive_reader.hpp"

namespace relup::host {
namespace {

using release::Member;
using release::MemberType;

std::string without_final_slash(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

// Whether a member is part of the release; cookies, the files by which a root knows its releases,
// and a launcher for all versions belong to the host.
bool is_installed(const std::string& path, const release::ReleaseTree& tree) {
  return path.starts_with("lib/") || path.starts_with("erts-") ||
         path.starts_with("releases/" + tree.version() + "/") ||
         path == launcher_of(tree.name(), tree.version());
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

LeftOver left_over(FileSystem& files, const Host& host) {
  LeftOver count;
  const std::string directory = staging_directory(host);
  if (files.is_directory(directory)) count_below(files, directory, count);
  return count;
}

Staging::Staging(FileSystem& files, const Host& host)
    : files_(files), host_(host), directory_(staging_directory(host)) {
  files_.remove_all(directory_);  // of an attempt that was cut off
}

Staging::~Staging() {
  try {
    files_.remove_all(directory_);
  } catch (const Error&) {
    // It does no harm, and the next attempt removes it.
  }
}

void Staging::extract(const IncomingRelease& incoming, Checkpoint& checkpoint) {
  version_ = incoming.tree.version();
  files_.make_directories(directory_);
  release::ArchiveReader reader(incoming.tarball, incoming.bytes);
  std::set<std::string> directories;
  while (const auto member = reader.next()) {
    checkpoint.pass();
    if (!is_installed(member->path, incoming.tree)) continue;
    const std::string data = member->type == MemberType::regular ? reader.read_data() : "";
    extract_member(*member, data);
    directories.insert(parent_path(join_path(directory_, without_final_slash(member->path))));
  }
  add_rel_file(incoming);
  for (const std::string& directory : directories) {
    checkpoint.pass();
    files_.sync_directory(directory);
  }
}

void Staging::extract_member(const Member& member, const std::string& data) {
  const std::string path = join_path(directory_, without_final_slash(member.path));
  if (member.type == MemberType::directory) return files_.make_directories(path);
  files_.make_directories(parent_path(path));
  if (member.type == MemberType::symlink) return files_.make_symlink(member.link_target, path);
  const std::unique_ptr<WritableFile> file =
      files_.create(path, (member.mode & 0111U) != 0 ? 0755 : 0644);
  file->append(data);
  file->sync();
}

// Older tarballs have the .rel file only beside the version's directory.
void Staging::add_rel_file(const IncomingRelease& incoming) {
  const std::string directory = "releases/" + version_ + "/";
  const std::string& rel_path = incoming.tree.reference.rel_path;
  if (rel_path.starts_with(directory)) return;
  const Member member{directory + incoming.tree.name() + ".rel", MemberType::regular, 0644, 0, ""};
  extract_member(member, incoming.tree.reference.files->read(rel_path));
}

void Staging::add_relup(const std::string& text) {
  const std::string path = "releases/" + version_ + "/relup";
  extract_member({path, MemberType::regular, 0644, text.size(), ""}, text);
  files_.sync_directory(parent_path(join_path(directory_, path)));
}

void Staging::publish(const IncomingRelease& incoming) {
  const std::string erts = "erts-" + incoming.tree.release.rel.erts_version;
  std::vector<std::string> moves;
  for (const release::TreeApplication& application : incoming.tree.applications) {
    const bool is_there = files_.link_info(host_.path(application.directory)).has_value();
    if (!application.is_of_system && !is_there) moves.push_back(application.directory);
  }
  if (!files_.link_info(host_.path(erts)) && files_.link_info(join_path(directory_, erts))) {
    moves.push_back(erts);
  }
  const std::string launcher = launcher_of(incoming.tree.name(), version_);
  if (!files_.link_info(host_.path(launcher)) &&
      files_.link_info(join_path(directory_, launcher))) {
    moves.push_back(launcher);
  }
  moves.push_back("releases/" + version_);
  try {
    for (const std::string& relative : moves)
      move_into_place(relative);
  } catch (...) {
    undo();
    throw;
  }
}

void Staging::move_into_place(const std::string& relative) {
  const std::string target = host_.path(relative);
  files_.make_directories(parent_path(target));
  if (files_.link_info(target)) {
    // A release directory that the node does not know: left over from an attempt that was cut off.
    files_.rename(target, join_path(directory_, "replaced"));
    replaced_ = target;
  }
  files_.rename(join_path(directory_, relative), target);
  published_.push_back(target);
  files_.sync_directory(parent_path(target));
}

void Staging::undo() {
  for (auto path = published_.rbegin(); path != published_.rend(); ++path) {
    files_.remove_all(*path);
  }
  published_.clear();
  if (replaced_) files_.rename(join_path(directory_, "replaced"), *replaced_);
  replaced_.reset();
}

}  // namespace relup::host
