// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the files of a release get into a root. The tarball is read once into memory; what is checked
// is what is unpacked. It is unpacked and synced below ROOT/.relup-staging, where nothing looks,
// and only when all of it is there is it moved into place, directory by directory, the release
// itself last. A library that the root has already is compared and left alone. Whatever fails
// before the end leaves the root as it was.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/host.hpp"
#include "release/archive_rules.hpp"
#include "release/release_tree.hpp"

namespace relup::host {

// A tarball that may be installed: members allowed, checksums right, the release in it complete.
struct IncomingRelease {
  std::string tarball;
  std::string bytes;
  release::ReleaseTree tree;
  std::uint64_t unpacked_bytes = 0;
  bool has_manifest = false;
};

// Reads and checks `tarball`, which must hold release `version`. Error (bad_input) otherwise.
IncomingRelease check_tarball(FileSystem& files, const std::string& tarball,
                              const std::string& version);

class Staging {
 public:
  Staging(FileSystem& files, const Host& host);
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging();  // removes the staging directory

  // Unpacks into the staging directory.
  void extract(const IncomingRelease& incoming);
  // Gives the release a relup, where its tarball has none.
  void add_relup(const std::string& text);
  // Moves what the root does not have into place.
  void publish(const IncomingRelease& incoming);
  // Takes back what publish has moved.
  void undo();

  const std::vector<std::string>& published() const { return published_; }

 private:
  void check_space(const IncomingRelease& incoming) const;
  void extract_member(const release::Member& member, const std::string& data);
  void add_rel_file(const IncomingRelease& incoming);
  void check_same_library(const release::TreeApplication& application) const;
  void check_same_file(const std::string& staged, const std::string& present) const;
  void move_into_place(const std::string& relative);

  FileSystem& files_;
  const Host& host_;
  std::string directory_;
  std::string version_;
  std::vector<std::string> published_;   // absolute paths
  std::optional<std::string> replaced_;  // what stood where a release directory was published
};

}  // namespace relup::host
