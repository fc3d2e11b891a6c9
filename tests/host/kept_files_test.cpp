// SPDX-License-Identifier: Apache-2.0
//
// What a node that went down in an install has left on the disk is put right.

#include "host/kept_files.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "support/memory_file_system.hpp"
#include "support/temporary_directory.hpp"

namespace relup::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(KeptFiles, OriginalsComeBack) {
  support::MemoryFileSystem files;
  Host host;
  host.root = "/shop";
  files.add_file("/shop/releases/1.1.0/sys.config", "resolved");
  files.add_file("/shop/releases/1.1.0/sys.config.relup-original", "as it was");
  files.add_file("/shop/releases/1.0.0/relup", "steps of the engine");
  files.add_file("/shop/releases/1.0.0/relup.relup-original", "");  // there was none
  files.add_file("/shop/releases/1.1.0/relup", "its own");

  EXPECT_THAT(unfinished_files(files, host),
              ElementsAre("releases/1.0.0/relup", "releases/1.1.0/sys.config"));
  restore_files(files, host);

  EXPECT_THAT(unfinished_files(files, host), IsEmpty());
  EXPECT_EQ(files.read("/shop/releases/1.1.0/sys.config"), "as it was");
  EXPECT_EQ(files.read("/shop/releases/1.1.0/relup"), "its own");
  EXPECT_FALSE(files.is_file("/shop/releases/1.0.0/relup"));
  EXPECT_FALSE(files.is_file("/shop/releases/1.0.0/relup.relup-original"));
}

// The agent keeps a relup by a second name, and replaces it then.
TEST(KeptFiles, AnOriginalThatIsNotReplacedYetHasOneNameAgain) {
  const support::TemporaryDirectory root("relup-kept");
  Host host;
  host.root = root.path();
  const std::filesystem::path release = root.path() / "releases/1.1.0";
  std::filesystem::create_directories(release);
  std::ofstream(release / "relup") << "its own";
  std::filesystem::create_hard_link(release / "relup", release / "relup.relup-original");

  restore_files(real_file_system(), host);

  EXPECT_THAT(unfinished_files(real_file_system(), host), IsEmpty());
  EXPECT_EQ(real_file_system().read(release / "relup"), "its own");
}

// In such a folder the agent writes what only its user may read.
TEST(KeptFiles, FoldersOfUnfinishedFilesGo) {
  support::MemoryFileSystem files;
  Host host;
  host.root = "/shop";
  files.add_file("/shop/releases/1.1.0/.relup-new-812-3/file", "half of a secret");
  files.add_file("/shop/releases/1.1.0/sys.config", "whole");
  files.add_file("/shop/releases/RELEASES", "[].");
  restore_files(files, host);
  EXPECT_THAT(files.files_below("/shop"),
              ElementsAre("/shop/releases/1.1.0/sys.config", "/shop/releases/RELEASES"));
}

}  // namespace
}  // namespace relup::host
