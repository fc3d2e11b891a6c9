// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files of an upgrade: where they belong, whether those on disk are up to date, and whose appup
// wins. An appup that somebody wrote into the folder of hand-written ones stays as it is. One that
// was edited after it was generated, there where it is written or beside the .app file of the new
// release, is merged with what relup would write now.

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "generate/generate_upgrade.hpp"

namespace relup::generate {

// Directories; empty where the user names none.
struct UpgradePlaces {
  std::string out;     // for all files, instead of the tree of the new release
  std::string appups;  // of hand-written appups
};

struct OutputFile {
  std::string path;
  std::string text;
};

// Of an application of the new release; none where relup has the say alone.
std::optional<EditedAppup> find_edited_appup(FileSystem& files, const UpgradePlaces& places,
                                             const std::vector<const release::ReleaseTree*>& old,
                                             const release::ReleaseTree& new_release,
                                             const release::TreeApplication& application);

// The appups, and the relup last. There must be a relup.
std::vector<OutputFile> output_files(const Generated& generated, const UpgradePlaces& places,
                                     const release::ReleaseTree& new_release);

bool is_up_to_date(FileSystem& files, const OutputFile& output);

// An Error (usage) where the user names a folder of hand-written appups that is not there.
void require_appups(FileSystem& files, const UpgradePlaces& places);

// An Error (usage) where the files would go into a tarball.
void require_writable(FileSystem& files, const UpgradePlaces& places,
                      const release::ReleaseTree& new_release);

}  // namespace relup::generate
