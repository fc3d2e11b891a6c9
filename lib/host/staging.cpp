// SPDX-License-Identifier: Apache-2.0
#include "host/staging.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/words.hpp"
#include "beam/file/code_identity.hpp"
#include "host/launcher.hpp"
#include "host/soundness.hpp"
#include "release/archive_reader.hpp"
#include "release/pack.hpp"
#include "release/tarball.hpp"

namespace relup::host {
namespace {

using release::Member;
using release::MemberType;

// Of the file system, besides what the release needs: room for logs and for the next attempt.
constexpr std::uint64_t reserve_per_cent = 3;

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

std::map<std::string, std::string> parse_manifest(const std::string& place, std::string_view text) {
  std::map<std::string, std::string> sums;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.size() < 67 || line.substr(64, 2) != "  ") {
      throw Error(ErrorCode::bad_input,
                  place + ": line " + std::to_string(sums.size() + 1) + " is not `DIGEST  PATH`");
    }
    sums.emplace(line.substr(66), line.substr(0, 64));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return sums;
}

// The first look at a tarball: every member is allowed, and is what the manifest says.
class Inspection {
 public:
  Inspection(const std::string& tarball, const std::string& bytes, const std::string& version)
      : tarball_(tarball), bytes_(bytes), manifest_path_(release::manifest_path(version)) {}

  void run() {
    release::ArchiveReader reader(tarball_, bytes_);
    release::MemberChecker checker(tarball_, bytes_.size());
    std::map<std::string, std::string> digests;
    while (const auto member = reader.next()) {
      checker.check(*member);
      total_ += member->size;
      if (member->type != MemberType::regular) continue;
      const std::string data = reader.read_data();
      if (member->path == manifest_path_) {
        manifest_ = data;
      } else {
        digests.emplace(member->path, sha256_hex(data));
      }
    }
    if (manifest_) compare(digests, parse_manifest(tarball_ + ":" + manifest_path_, *manifest_));
  }

  std::uint64_t total() const { return total_; }
  bool has_manifest() const { return manifest_.has_value(); }

 private:
  void compare(const std::map<std::string, std::string>& found,
               const std::map<std::string, std::string>& expected) const {
    for (const auto& [path, digest] : expected) {
      const auto member = found.find(path);
      if (member == found.end()) fail(path, "is listed in the manifest but missing");
      if (member->second != digest) fail(path, "does not have the checksum of the manifest");
    }
    for (const auto& [path, digest] : found) {
      if (!expected.contains(path)) fail(path, "is not listed in the manifest");
    }
  }

  [[noreturn]] void fail(const std::string& path, const std::string& what) const {
    throw Error(ErrorCode::bad_input, tarball_ + ": " + release::quoted(path) + " " + what)
        .with_hint("the tarball is damaged or was changed after it was packed; fetch it again");
  }

  const std::string& tarball_;
  const std::string& bytes_;
  std::string manifest_path_;
  std::uint64_t total_ = 0;
  std::optional<std::string> manifest_;
};

}  // namespace

IncomingRelease check_tarball(FileSystem& files, const std::string& tarball,
                              const std::string& version) {
  std::string bytes = files.read(tarball);
  Inspection inspection(tarball, bytes, version);
  inspection.run();
  const auto content = std::make_shared<const release::TarballFiles>(tarball, bytes);
  const std::vector<std::string> versions = release::versions_in(*content);
  if (std::find(versions.begin(), versions.end(), version) == versions.end()) {
    throw Error(ErrorCode::bad_input,
                tarball + " does not hold release " + version +
                    (versions.empty() ? "" : "; it holds " + joined(versions)));
  }
  release::ReleaseTree tree =
      release::load_release({content, version, release::find_rel_file(*content, version)}, {});
  check_soundness(tree);
  return {tarball, std::move(bytes), std::move(tree), inspection.total(),
          inspection.has_manifest()};
}

Staging::Staging(FileSystem& files, const Host& host)
    : files_(files), host_(host), directory_(host.path(".relup-staging")) {
  files_.remove_all(directory_);  // of an attempt that was cut off
}

Staging::~Staging() {
  try {
    files_.remove_all(directory_);
  } catch (const Error&) {
    // It stands in nobody's way, and the next attempt removes it.
  }
}

void Staging::check_space(const IncomingRelease& incoming) const {
  const std::uint64_t needed = incoming.unpacked_bytes * (100 + reserve_per_cent) / 100;
  const std::uint64_t free = files_.free_bytes(host_.root);
  if (free >= needed) return;
  throw Error(ErrorCode::bad_input, "not enough space below " + host_.root +
                                        ": the release needs " + std::to_string(needed >> 10U) +
                                        " KiB, " + std::to_string(free >> 10U) + " KiB are free")
      .with_hint("free some space, for example with `relup remove` of an old release");
}

void Staging::extract(const IncomingRelease& incoming) {
  version_ = incoming.tree.version();
  check_space(incoming);
  files_.make_directories(directory_);
  release::ArchiveReader reader(incoming.tarball, incoming.bytes);
  std::set<std::string> directories;
  while (const auto member = reader.next()) {
    if (!is_installed(member->path, incoming.tree)) continue;
    const std::string data = member->type == MemberType::regular ? reader.read_data() : "";
    extract_member(*member, data);
    directories.insert(parent_path(join_path(directory_, without_final_slash(member->path))));
  }
  add_rel_file(incoming);
  for (const std::string& directory : directories)
    files_.sync_directory(directory);
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
    if (application.is_of_system) continue;
    if (files_.link_info(host_.path(application.directory))) {
      check_same_library(application);
    } else {
      moves.push_back(application.directory);
    }
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

// The release handler keeps the files of a library version that it has, so they must be the same
// code.
void Staging::check_same_library(const release::TreeApplication& application) const {
  const std::string ebin = application.directory + "/ebin";
  const std::string staged = join_path(directory_, ebin);
  if (!files_.is_directory(staged)) return;
  for (const DirectoryEntry& entry : files_.list(staged)) {
    if (entry.name.ends_with(".appup")) continue;
    check_same_file(join_path(staged, entry.name), host_.path(ebin + "/" + entry.name));
  }
}

void Staging::check_same_file(const std::string& staged, const std::string& present) const {
  const std::string new_bytes = files_.read(staged);
  std::optional<std::string> old_bytes = files_.read_if_exists(present);
  bool same = old_bytes == new_bytes;
  if (!same && old_bytes && staged.ends_with(".beam")) {
    same = beam::module_md5(beam::BeamFile(staged, new_bytes)) ==
           beam::module_md5(beam::BeamFile(present, std::move(*old_bytes)));
  }
  if (same) return;
  throw Error(ErrorCode::bad_input, "the tarball has another " + base_name(staged) + " than " +
                                        present +
                                        ", although the version of the application is the same")
      .with_hint("raise the version of the application; a node would keep the old file");
}

}  // namespace relup::host
