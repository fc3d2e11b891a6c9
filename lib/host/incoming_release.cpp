// SPDX-License-Identifier: Apache-2.0
#include "host/incoming_release.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/words.hpp"
#include "beam/file/code_identity.hpp"
#include "host/soundness.hpp"
#include "release/archive_rules.hpp"
#include "release/pack.hpp"
#include "release/signature.hpp"
#include "release/tarball.hpp"

namespace relup::host {
namespace {

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

// Every file is what the manifest says.
class Manifest {
 public:
  Manifest(const release::TarballFiles& files, std::string path)
      : files_(files), path_(std::move(path)) {}

  void compare() const {
    const auto sums = parse_manifest(files_.place(path_), files_.read(path_));
    const std::vector<std::string> paths = files_.paths();
    for (const auto& [path, digest] : sums) {
      if (!files_.exists(path)) fail(path, "is listed in the manifest but missing");
    }
    for_each_index(paths.size(), [&](std::size_t index) { compare(paths[index], sums); });
  }

 private:
  void compare(const std::string& path, const std::map<std::string, std::string>& sums) const {
    if (path == path_) return;
    const auto sum = sums.find(path);
    if (sum == sums.end()) fail(path, "is not listed in the manifest");
    if (sum->second != files_.sha256(path)) {
      fail(path, "does not have the checksum of the manifest");
    }
  }

  [[noreturn]] void fail(const std::string& path, const std::string& what) const {
    throw Error(ErrorCode::bad_input, files_.name() + ": " + release::quoted(path) + " " + what)
        .with_hint("the tarball is damaged or was changed after it was packed; fetch it again");
  }

  const release::TarballFiles& files_;
  std::string path_;
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

// The signature comes first: nothing else looks at a tarball that nobody vouches for.
void check_signature(FileSystem& files, const std::vector<std::string>& key_files,
                     IncomingRelease& incoming) {
  std::vector<release::PublicKey> keys;
  for (const std::string& file : key_files)
    keys.push_back(release::read_public_key(files, file));
  const release::TrustedTarball trusted =
      release::require_signature(incoming.tarball, *incoming.file, keys);
  incoming.signed_by = trusted.key_file;
  incoming.digest = trusted.digest;
}

}  // namespace

IncomingRelease check_tarball(FileSystem& files, const std::string& tarball,
                              const std::string& version, Checkpoint& checkpoint,
                              const std::vector<std::string>& trusted_keys) {
  const std::shared_ptr<const ReadableFile> file = files.open(tarball);
  IncomingRelease incoming{tarball, file, {}, {}, 0, 0, false, {}};
  if (!trusted_keys.empty()) check_signature(files, trusted_keys, incoming);
  release::MemberChecker checker(tarball, file->size());
  release::TarballReading reading;
  reading.memory = incoming_memory;
  reading.inspect = [&](const release::Member& member) {
    checkpoint.pass();
    checker.check(member);
    incoming.unpacked_bytes += member.size;
    ++incoming.members;
  };
  const auto content = std::make_shared<const release::TarballFiles>(tarball, file, reading);
  if (!incoming.signed_by.empty() && incoming.digest != content->digest()) {
    throw Error(ErrorCode::bad_input, tarball + ": was changed while it was read");
  }
  incoming.digest = content->digest();
  const std::string manifest = release::manifest_path(version);
  incoming.has_manifest = content->exists(manifest);
  checkpoint.pass();
  if (incoming.has_manifest) Manifest(*content, manifest).compare();
  const std::vector<std::string> versions = release::versions_in(*content);
  if (std::find(versions.begin(), versions.end(), version) == versions.end()) {
    throw Error(ErrorCode::bad_input,
                tarball + " does not hold release " + version +
                    (versions.empty() ? "" : "; it holds " + joined(versions)));
  }
  incoming.tree =
      release::load_release({content, version, release::find_rel_file(*content, version)}, {});
  check_soundness(incoming.tree, checkpoint);
  return incoming;
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
    OtherLibrary other{
        application.name.name() + " " + application.version, application.directory, {}};
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

bool is_unpacked(FileSystem& files, const Host& host, const IncomingRelease& incoming) {
  const release::ReleaseFiles& tarball = *incoming.tree.reference.files;
  const std::string manifest = release::manifest_path(incoming.tree.version());
  const auto present = files.read_if_exists(host.path(manifest));
  if (present && incoming.has_manifest) return *present == tarball.read(manifest);
  const release::DirectoryFiles root(files, host.root);
  const auto is_same = [&](const std::string& path) {
    return root.exists(path) && root.sha256(path) == tarball.sha256(path);
  };
  const auto is_of_release = [&](const std::string& path) {
    if (path.starts_with(incoming.tree.own_path(""))) return path != manifest;
    return std::any_of(incoming.tree.applications.begin(), incoming.tree.applications.end(),
                       [&](const auto& each) { return path.starts_with(each.directory + "/"); });
  };
  const std::vector<std::string> paths = tarball.paths();
  return std::all_of(paths.begin(), paths.end(), [&](const std::string& path) {
    return !is_of_release(path) || is_same(path);
  });
}

}  // namespace relup::host
