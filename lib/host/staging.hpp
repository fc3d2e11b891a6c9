// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the files of a release get into a root. They are unpacked and synced below
// ROOT/.relup-staging, where nothing looks, and only when all of them are there are they moved into
// place, directory by directory, the release itself last. A library that the root has already is
// left alone, and not unpacked, unless the caller says that it is to be replaced; that it is the
// same is for the caller to see to first (other_libraries), as is the space. Whatever fails before
// the end leaves the root as it was.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/checkpoint.hpp"
#include "host/incoming_release.hpp"
#include "release/archive_rules.hpp"

namespace relup::host {

// What an attempt that was cut off has left. The next one removes it first.
struct LeftOver {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;  // and directories
};
LeftOver left_over(FileSystem& files, const Host& host);

// What stood where something was published is below this directory, under the same path as in the
// root, until the change is over.
std::string replaced_directory(const std::string& root);

class Staging {
 public:
  // `replaced`: libraries that are to take the place of those that the root has.
  Staging(FileSystem& files, const Host& host, std::set<std::string> replaced = {});
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging();  // removes the staging directory

  // Unpacks what the root does not have into the staging directory, and syncs all of it. Error
  // (bad_input) where the tarball is no longer the one that was checked.
  void extract(const IncomingRelease& incoming, Checkpoint& checkpoint = no_checkpoint());
  // Gives the release a relup, where its tarball has none.
  void add_relup(const std::string& text);
  // Moves what was unpacked into place, and what is replaced out of it first; before that it tells
  // of the paths, below the root, that it is about to put there.
  using Tell = std::function<void(const std::vector<std::string>& paths)>;
  void publish(const Tell& about_to_publish);
  // Takes back what publish has moved.
  void undo();

  const std::vector<std::string>& published() const { return published_; }

 private:
  // What a release brings that the root does not have, the release itself last.
  std::vector<std::string> missing_of(const IncomingRelease& incoming) const;
  // Whether a member of the archive is one of these, or below one.
  bool is_missing(const std::string& path) const;
  using WriteData = std::function<void(WritableFile&)>;
  void extract_member(const release::Member& member, const WriteData& write);
  void extract_text(const std::string& path, const std::string& text);
  void sync_files();
  void sync_all(Checkpoint& checkpoint = no_checkpoint());
  void add_rel_file(const IncomingRelease& incoming);
  void move_into_place(const std::string& relative);

  FileSystem& files_;
  const Host& host_;
  std::string directory_;
  std::set<std::string> replaced_libraries_;
  std::string version_;
  std::vector<std::string> missing_;  // paths below the root
  std::vector<std::unique_ptr<WritableFile>> unsynced_files_;
  std::set<std::string> unsynced_directories_;
  std::vector<std::string> published_;  // absolute paths
  // What stood where something was published, and where it is kept.
  std::vector<std::pair<std::string, std::string>> replaced_;
};

}  // namespace relup::host
