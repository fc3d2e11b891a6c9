// SPDX-License-Identifier: Apache-2.0
#include "release/pack.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "base/replace_file.hpp"
#include "release/archive_writer.hpp"

namespace relup::release {
namespace {

// Collects the members of a release.
class Packing {
 public:
  explicit Packing(const ReleaseTree& tree) : tree_(tree) {}

  std::vector<ArchiveEntry> entries() {
    const std::string releases = tree_.own_path("");
    const std::string erts = "erts-" + tree_.release.rel.erts_version + "/";
    // relx writes the version into the script that starts it.
    const std::string launcher = "bin/" + tree_.name() + "-" + tree_.version();
    for (const std::string& path : tree_.reference.files->paths()) {
      if (is_temporary_name(base_name(path))) continue;
      const bool is_own_release =
          path.starts_with(releases) && path != manifest_path(tree_.version());
      if (is_library_file(path) || is_own_release || path.starts_with(erts) || path == launcher) {
        add(path, path);
      }
    }
    // unpack_release("NAME-VSN") reads releases/NAME-VSN.rel before anything else.
    const std::string unpack_name = "releases/" + tree_.name() + "-" + tree_.version() + ".rel";
    if (tree_.reference.rel_path != unpack_name) add(tree_.reference.rel_path, unpack_name);
    add_rel_to_version_directory(releases);
    const std::string manifest = manifest_text();
    entries_.push_back({manifest_path(tree_.version()), MemberType::regular, 0644, "",
                        [manifest] { return file_of_bytes(manifest); }});
    return std::move(entries_);
  }

 private:
  std::string manifest_text() {
    std::sort(members_.begin(), members_.end());
    std::vector<std::string> lines(members_.size());
    for_each_index(members_.size(), [&](std::size_t index) {
      const auto& [member, path] = members_[index];
      lines[index] = tree_.reference.files->sha256(path) + "  " + member + "\n";
    });
    std::string text;
    for (const std::string& line : lines)
      text += line;
    return text;
  }

  bool is_library_file(const std::string& path) const {
    return std::any_of(
        tree_.applications.begin(), tree_.applications.end(),
        [&](const TreeApplication& each) { return path.starts_with(each.directory + "/"); });
  }

  // Settings and what else may be a secret keep to themselves. Code is none, and is the same
  // whatever umask it was compiled under.
  unsigned mode_of(const std::string& path) const {
    const unsigned mode = tree_.reference.files->mode(path);
    return path.find("/ebin/") == std::string::npos ? mode : mode | 0044U;
  }

  void add_rel_to_version_directory(const std::string& releases) {
    const std::string path = releases + tree_.name() + ".rel";
    if (!tree_.reference.files->exists(path)) add(tree_.reference.rel_path, path);
  }

  void add(const std::string& path, const std::string& member) {
    members_.emplace_back(member, path);
    entries_.push_back(
        {member, MemberType::regular, mode_of(path), "",
         [this_files = tree_.reference.files, path] { return this_files->open(path); }});
  }

  const ReleaseTree& tree_;
  std::vector<ArchiveEntry> entries_;
  std::vector<std::pair<std::string, std::string>> members_;  // and their paths in the tree
};

}  // namespace

std::string manifest_path(const std::string& version) {
  return "releases/" + version + "/SHA256SUMS";
}

Packed pack_release(FileSystem& files, const ReleaseTree& tree, const std::string& tarball,
                    const SigningKey* key) {
  std::vector<ArchiveEntry> entries = Packing(tree).entries();
  Packed packed{entries.size(), tree.reference.files->exists(tree.own_path("relup"))};
  MakeTrailer trailer;
  if (key != nullptr) trailer = [key](const std::string& digest) { return key->trailer(digest); };
  write_archive(files, tarball, std::move(entries), 0, trailer);
  return packed;
}

}  // namespace relup::release
