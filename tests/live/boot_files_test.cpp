// SPDX-License-Identifier: Apache-2.0
//
// What decides which release boots, on real nodes: roots that were copied and moved, a RELEASES
// that the node could not read, flags that the emulator refuses, and files that somebody still
// uses.

#include <filesystem>

#include "live/support/child_process.hpp"
#include "live/support/listing.hpp"
#include "live/support/source_variant.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class BootFilesTest : public LiveTest {
 protected:
  fs::path releases_file() { return site_.root() / "releases/RELEASES"; }

  void restart() {
    site_.node().stop();
    site_.node().start();
  }

  // As an earlier relup, or OTP, has left it: with the places of the libraries in `root`.
  void make_paths_absolute(const fs::path& root) {
    std::string text = read_file(releases_file());
    const std::string relative = "\"lib/";
    const std::string absolute = "\"" + root.string() + "/lib/";
    for (std::size_t at = text.find(relative); at != std::string::npos;
         at = text.find(relative, at + absolute.size()))
      text.replace(at, relative.size(), absolute);
    write_file(releases_file(), text);
  }

  std::string code_of(const std::string& module) {
    return connect()
        ->call("code", "which", {Term::atom(module)}, Milliseconds{5'000})
        .text()
        .value_or("");
  }
};

TEST_F(BootFilesTest, ACopiedRootIsAWorldOfItsOwn) {
  start(standard_builds());
  relup({"upgrade", "1.1.0"});
  EXPECT_THAT(read_file(releases_file()), Not(HasSubstr(site_.root().string())));
  site_.node().stop();
  const fs::path first = site_.directory() / "first";
  fs::copy(site_.root(), first, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  make_paths_absolute(first);
  const Listing before = list_tree(first);
  site_.node().start();
  EXPECT_THAT(relup({"status"}).output, HasSubstr("outside of this root"));
  relup({"downgrade", "1.0.0"});
  relup({"upgrade", "1.1.0"});
  EXPECT_THAT(code_of("tally_listener"), HasSubstr(site_.root().string() + "/"));
  relup({"downgrade", "1.0.0"});
  relup({"remove", "1.1.0"});
  EXPECT_FALSE(fs::exists(site_.root() / "lib/tally-1.1.0"));
  EXPECT_THAT(differences(before, list_tree(first)), IsEmpty());
  expect_running("1.0.0", "1.0.0");
}

// An image that is built anew, another mount point, mv: RELEASES names the old place.
TEST_F(BootFilesTest, ARootThatHasMovedIsUpgradedWhereItIs) {
  start(standard_builds());
  relup({"upgrade", "1.1.0"});
  site_.node().stop();
  make_paths_absolute(site_.root());
  const fs::path moved = site_.directory() / "moved";
  fs::rename(site_.root(), moved);
  NodeOptions options = site_.node().options();
  options.root = moved;
  ReleaseNode node(options);
  node.start();
  for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{
           {"check", "1.0.0"}, {"downgrade", "1.0.0"}, {"upgrade", "1.1.0"}, {"remove", "1.0.0"}}) {
    const RelupResult result = site_.relup_in(moved, verb);
    EXPECT_EQ(result.exit_code, 0) << verb.front() << ": " << result;
  }
  EXPECT_FALSE(fs::exists(moved / "lib/tally-1.0.0"));
  EXPECT_THAT(code_of("tally_listener"), HasSubstr(moved.string() + "/"));
  EXPECT_THAT(read_file(moved / "releases/RELEASES"), Not(HasSubstr(site_.directory().string())));
  node.restart();
  EXPECT_THAT(site_.relup_in(moved, {"status"}).output, HasSubstr("1.1.0"));
}

// Of two nodes on one root each may run another release.
TEST_F(BootFilesTest, WhatAnotherNodeOfTheRootRunsStays) {
  start(standard_builds());
  NodeOptions options = site_.node().options();
  options.name = "other@127.0.0.1";
  ReleaseNode other(options);
  other.start();
  relup({"upgrade", "1.1.0", "--node", "tally@127.0.0.1"});
  const RelupResult refused = relup({"remove", "1.0.0", "--node", "tally@127.0.0.1"}, 1);
  EXPECT_THAT(refused.errors, HasSubstr(std::to_string(other.pid()))) << refused;
  EXPECT_TRUE(fs::exists(site_.root() / "lib/tally-1.0.0/ebin"));
  other.stop();
  relup({"remove", "1.0.0", "--node", "tally@127.0.0.1"});
  EXPECT_FALSE(fs::exists(site_.root() / "lib/tally-1.0.0"));
}

// OTP makes up a release without libraries, and would delete what runs together with the old one.
TEST_F(BootFilesTest, AReleasesFileThatTheNodeCouldNotReadIsMended) {
  start(standard_builds());
  relup({"upgrade", "1.1.0"});
  for (const std::string& damaged : {std::string(), read_file(releases_file()).substr(0, 60)}) {
    site_.node().stop();
    write_file(releases_file(), damaged);
    site_.node().start();
    const std::string told = relup({"status"}).output;
    EXPECT_THAT(told, HasSubstr("releases/RELEASES is "));
    EXPECT_THAT(relup({"remove", "1.1.0"}, 1).errors, HasSubstr("stays"));
  }
  relup({"downgrade", "1.0.0"});
  relup({"upgrade", "1.1.0"});
  relup({"remove", "1.0.0"});
  EXPECT_FALSE(fs::exists(site_.root() / "lib/tally-1.0.0"));
  EXPECT_TRUE(fs::exists(site_.root() / "lib/tally-1.1.0/ebin"));
  restart();
  expect_running("1.1.0", "1.1.0");
}

// The node was killed between the two writes of a commit.
TEST_F(BootFilesTest, ACommitThatWasCutOffIsFinished) {
  start(standard_builds());
  const std::string before = read_file(releases_file().parent_path() / "start_erl.data");
  relup({"upgrade", "1.1.0", "--no-commit"});
  const std::string old_list = read_file(releases_file());
  site_.node().stop();
  write_file(site_.root() / "releases/start_erl.data",
             before.substr(0, before.find(' ')) + " 1.1.0");
  site_.node().start();
  expect_running("1.1.0", "1.1.0");
  EXPECT_THAT(relup({"remove", "1.1.0"}, 1).errors, HasSubstr("stays"));
  write_file(releases_file(), old_list);
  relup({"commit"});
  EXPECT_THAT(read_file(releases_file()), Not(testing::Eq(old_list)));
  restart();
  expect_running("1.1.0", "1.1.0");
  relup({"remove", "1.0.0"});
  expect_running("1.1.0", "1.1.0");
}

TEST_F(BootFilesTest, FlagsThatTheEmulatorRefusesAreKnownBeforeAnything) {
  BuildMachine builds(tools());
  builds.build();
  builds.generate();
  const fs::path flags = builds.new_root() / "releases/1.1.0/vm.args";
  const std::string right = read_file(flags);
  write_file(flags, right + "\n+SDcpu bad:1\n");
  builds.pack();
  start(builds);
  const Listing before = list_host(site_.root());
  const std::string sentence =
      "a start of release 1.1.0 fails: bad amount of dirty CPU schedulers bad:1";
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr(sentence));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 1).errors, HasSubstr(sentence));
  EXPECT_THAT(differences(before, list_host(site_.root())), IsEmpty());
  expect_running("1.0.0", "1.0.0");
}

// They were right when it was installed.
TEST_F(BootFilesTest, AReleaseThatWouldNotStartIsNotCommitted) {
  start(standard_builds());
  relup({"upgrade", "1.1.0", "--no-commit"});
  const fs::path flags = site_.root() / "releases/1.1.0/vm.args";
  const std::string right = read_file(flags);
  write_file(flags, right + "\n+SDcpu bad:1\n");
  const RelupResult refused = relup({"commit"}, 7);
  EXPECT_THAT(refused.errors, HasSubstr("bad amount of dirty CPU schedulers"));
  EXPECT_THAT(refused.errors, Not(HasSubstr("it boots after a restart")));
  expect_running("1.1.0", "1.0.0");
  write_file(flags, right);
  EXPECT_THAT(relup({"commit"}).errors, HasSubstr("it boots after a restart"));
  expect_running("1.1.0", "1.1.0");
}

TEST_F(BootFilesTest, WhatAProcessWorksInIsNotRemoved) {
  start(standard_builds());
  relup({"upgrade", "1.1.0"});
  const fs::path library = site_.root() / "lib/tally-1.0.0";
  {
    const ChildProcess port_program(
        Command{{"sleep", "600"}, {}, library / "ebin", site_.directory() / "log"});
    const RelupResult refused = relup({"remove", "1.0.0"}, 1);
    EXPECT_THAT(refused.errors, HasSubstr("process " + std::to_string(port_program.pid()) +
                                          " (sleep) works in " + (library / "ebin").string()));
    EXPECT_TRUE(fs::exists(library / "ebin/tally.app"));
  }
  relup({"remove", "1.0.0"});
  EXPECT_FALSE(fs::exists(library));
  expect_running("1.1.0", "1.1.0");
}

}  // namespace
}  // namespace relup::live_tests
