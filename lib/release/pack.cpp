// SPDX-License-Identifier: Apache-2.0
#include "release/pack.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/error.hpp"
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
    std::sort(sums_.begin(), sums_.end());
    std::string manifest;
    for (const auto& [path, sum] : sums_)
      manifest += sum + "  " + path + "\n";
    entries_.push_back({manifest_path(tree_.version()), MemberType::regular, Executable::no, "",
                        [manifest] { return manifest; }});
    return std::move(entries_);
  }

 private:
  bool is_library_file(const std::string& path) const {
    return std::any_of(
        tree_.applications.begin(), tree_.applications.end(),
        [&](const TreeApplication& each) { return path.starts_with(each.directory + "/"); });
  }

  void add_rel_to_version_directory(const std::string& releases) {
    const std::string path = releases + tree_.name() + ".rel";
    if (!tree_.reference.files->exists(path)) add(tree_.reference.rel_path, path);
  }

  void add(const std::string& path, const std::string& member) {
    const bool runs = tree_.reference.files->is_executable(path);
    sums_.emplace_back(member, tree_.reference.files->sha256(path));
    entries_.push_back(
        {member, MemberType::regular, runs ? Executable::yes : Executable::no, "",
         [this_files = tree_.reference.files, path] { return this_files->read(path); }});
  }

  const ReleaseTree& tree_;
  std::vector<ArchiveEntry> entries_;
  std::vector<std::pair<std::string, std::string>> sums_;
};

}  // namespace

std::string manifest_path(const std::string& version) {
  return "releases/" + version + "/SHA256SUMS";
}

Packed pack_release(FileSystem& files, const ReleaseTree& tree, const std::string& tarball) {
  std::vector<ArchiveEntry> entries = Packing(tree).entries();
  Packed packed{entries.size(), tree.reference.files->exists(tree.own_path("relup"))};
  write_archive(files, tarball, std::move(entries));
  return packed;
}

}  // namespace relup::release
