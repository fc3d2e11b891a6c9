// SPDX-License-Identifier: Apache-2.0
#include "host/incoming_release.hpp"

#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/words.hpp"
#include "beam/file/code_identity.hpp"
#include "host/soundness.hpp"
#include "release/archive_reader.hpp"
#include "release/archive_rules.hpp"
#include "release/pack.hpp"
#include "release/tarball.hpp"

namespace relup::host {
namespace {

using release::MemberType;

// Of what the release needs: room for logs and for the next attempt.
constexpr std::uint64_t reserve_per_cent = 3;

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

  void run(Checkpoint& checkpoint) {
    release::ArchiveReader reader(tarball_, bytes_);
    release::MemberChecker checker(tarball_, bytes_.size());
    std::map<std::string, std::string> digests;
    while (const auto member = reader.next()) {
      checkpoint.pass();
      checker.check(*member);
      total_ += member->size;
      ++members_;
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
  std::uint64_t members() const { return members_; }
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
  std::uint64_t members_ = 0;
  std::optional<std::string> manifest_;
};

// Whether the file in the root holds what the tarball would put there.
bool is_same_file(const release::ReleaseFiles& tarball, const std::string& path, FileSystem& files,
                  const std::string& present) {
  std::optional<std::string> old_bytes = files.read_if_exists(present);
  std::string new_bytes = tarball.read(path);
  if (!old_bytes) return false;
  if (*old_bytes == new_bytes) return true;
  if (!path.ends_with(".beam")) return false;
  return beam::module_md5(beam::BeamFile(tarball.place(path), std::move(new_bytes))) ==
         beam::module_md5(beam::BeamFile(present, std::move(*old_bytes)));
}

}  // namespace

IncomingRelease check_tarball(FileSystem& files, const std::string& tarball,
                              const std::string& version, Checkpoint& checkpoint) {
  std::string bytes = files.read(tarball);
  Inspection inspection(tarball, bytes, version);
  inspection.run(checkpoint);
  checkpoint.pass();
  const auto content = std::make_shared<const release::TarballFiles>(tarball, bytes);
  const std::vector<std::string> versions = release::versions_in(*content);
  if (std::find(versions.begin(), versions.end(), version) == versions.end()) {
    throw Error(ErrorCode::bad_input,
                tarball + " does not hold release " + version +
                    (versions.empty() ? "" : "; it holds " + joined(versions)));
  }
  release::ReleaseTree tree =
      release::load_release({content, version, release::find_rel_file(*content, version)}, {});
  check_soundness(tree, checkpoint);
  return {tarball,
          std::move(bytes),
          std::move(tree),
          inspection.total(),
          inspection.members(),
          inspection.has_manifest()};
}

std::uint64_t needed_bytes(const IncomingRelease& incoming) {
  return incoming.unpacked_bytes * (100 + reserve_per_cent) / 100;
}

std::vector<OtherLibrary> other_libraries(FileSystem& files, const Host& host,
                                          const IncomingRelease& incoming, Checkpoint& checkpoint) {
  const release::ReleaseFiles& tarball = *incoming.tree.reference.files;
  std::vector<OtherLibrary> others;
  for (const release::TreeApplication& application : incoming.tree.applications) {
    if (application.is_of_system || !files.link_info(host.path(application.directory))) continue;
    OtherLibrary other{application.name.name() + " " + application.version, {}};
    const std::string ebin = application.directory + "/ebin/";
    for (const std::string& name : tarball.names_in(ebin)) {
      checkpoint.pass();
      if (name.ends_with(".appup") || !tarball.exists(ebin + name)) continue;
      const std::string present = host.path(ebin + name);
      if (!is_same_file(tarball, ebin + name, files, present)) other.present.push_back(present);
    }
    if (!other.present.empty()) others.push_back(std::move(other));
  }
  return others;
}

}  // namespace relup::host
