// SPDX-License-Identifier: Apache-2.0
//
// Nodes of other roots that answer under the name of this one's. What is asked for is refused, both
// are named, and nothing is done to the files of either.

#include <filesystem>
#include <thread>

#include "live/support/child_process.hpp"
#include "live/support/listing.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RightRootTest : public LiveTest {
 protected:
  fs::path beside(const std::string& name) const { return site_.directory() / name; }

  // That every verb which changes something is refused with these words.
  void expect_refused(const fs::path& root, const std::string& words) {
    const auto before = list_host(root);
    for (const std::vector<std::string>& verb :
         std::vector<std::vector<std::string>>{{"check", "1.1.0"},
                                               {"upgrade", "1.1.0"},
                                               {"commit"},
                                               {"rollback"},
                                               {"remove", "1.0.0"}}) {
      const RelupResult result = site_.relup_in(root, verb);
      EXPECT_EQ(result.exit_code, verb.front() == "check" ? 1 : 2) << result;
      EXPECT_THAT(result.output + result.errors, HasSubstr(words)) << verb.front();
    }
    EXPECT_EQ(list_host(root), before);
    EXPECT_THAT(site_.relup_in(root, {"status"}).output, HasSubstr(words));
  }
};

TEST_F(RightRootTest, OfACopiedRootTheOriginalsNodeIsLeftAlone) {
  start(standard_builds());
  fs::copy(site_.root(), beside("copy"),
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  const auto original = list_host(site_.root());
  expect_refused(beside("copy"), "runs from the root " + site_.root().string() + ", not from " +
                                     beside("copy").string());
  EXPECT_EQ(list_host(site_.root()), original);
  expect_running("1.0.0", "1.0.0");
}

TEST_F(RightRootTest, OfARootThatWasMovedUnderItTheNodeIsLeftAlone) {
  start(standard_builds());
  fs::rename(site_.root(), beside("moved"));
  expect_refused(beside("moved"), "was started from " + site_.root().string() +
                                      ", which is not there any more; this root is " +
                                      beside("moved").string());
  fs::rename(beside("moved"), site_.root());
}

TEST_F(RightRootTest, AFolderOfReleasesThatTheOperatorChoseIsLeftAlone) {
  start(standard_builds());
  const fs::path chosen = beside("releases");
  fs::copy(site_.root() / "releases", chosen, fs::copy_options::recursive);
  site_.node().stop();
  NodeOptions options = site_.node().options();
  options.environment.push_back("RELDIR=" + chosen.string());
  ReleaseNode node(options);
  node.start();
  expect_refused(site_.root(), "keeps its releases in " + chosen.string());
  node.stop();
}

// A link to the root is the root.
TEST_F(RightRootTest, ANodeThatWasStartedByALinkIsOfTheRoot) {
  site_.deploy(standard_builds());
  fs::create_directory_symlink(site_.root(), beside("current"));
  NodeOptions options = site_.node().options();
  options.root = beside("current");
  ReleaseNode node(options);
  node.start();
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(status().at("running"), "1.1.0");
  node.restart();
  EXPECT_EQ(status().at("running"), "1.1.0");
}

// What a container does to a root: the node names it otherwise than the host.
TEST_F(RightRootTest, ANodeThatSeesTheRootUnderAnotherNameIsOfTheRoot) {
  const std::string enter = "mount --bind \"$0\" /mnt && cd /mnt && exec /mnt/bin/tally foreground";
  if (std::system("unshare -m true 2> /dev/null") != 0)
    GTEST_SKIP() << "only root may make a mount namespace";
  site_.deploy(standard_builds());
  NodeOptions options = site_.node().options();
  options.command = {"unshare", "-m", "sh", "-c", enter, site_.root().string()};
  ReleaseNode node(options);
  node.start();
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(status().at("running"), "1.1.0");
  EXPECT_EQ(status().at("boots"), "1.1.0");
  node.restart();
  EXPECT_EQ(status().at("running"), "1.1.0");
  relup({"downgrade", "1.0.0"});
  relup({"remove", "1.1.0"});
  EXPECT_FALSE(fs::exists(site_.root() / "releases" / "1.1.0"));
}

// A container numbers its processes from 1, and what it calls 1 is another process for the host.
TEST_F(RightRootTest, ANodeThatNumbersProcessesOtherwiseIsOfTheRoot) {
  const std::string enter = "mount -t proc proc /proc && cd \"$0\" && exec bin/tally foreground";
  if (std::system("unshare -m -p -f true 2> /dev/null") != 0)
    GTEST_SKIP() << "only root may make a namespace of processes";
  site_.deploy(standard_builds());
  NodeOptions options = site_.node().options();
  options.command = {
      "unshare", "-m", "-p", "-f", "--kill-child", "sh", "-c", enter, site_.root().string()};
  ReleaseNode node(options);
  node.start();
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(status().at("running"), "1.1.0");
  EXPECT_EQ(status().at("boots"), "1.1.0");
  relup({"remove", "1.0.0"});
  EXPECT_FALSE(fs::exists(site_.root() / "releases" / "1.0.0"));
  node.restart();
  EXPECT_EQ(status().at("running"), "1.1.0");
}

// Nobody outside reaches its ports, so nothing is done, and it is said how to get there.
TEST_F(RightRootTest, ANodeInANetworkOfItsOwnIsReachedFromThere) {
  if (std::system("unshare -n ip link set lo up 2> /dev/null") != 0)
    GTEST_SKIP() << "only root may make a network namespace";
  site_.deploy(standard_builds());
  const std::string root = site_.root().string();
  site_.node().write_vm_args("1.0.0");
  const std::string port = std::to_string(site_.epmd().port());
  ChildProcess container(
      {{"unshare", "-n", "sh", "-c",
        "ip link set lo up; epmd -port " + port + " & cd " + root + "; exec bin/tally foreground"},
       {"ERL_EPMD_PORT=" + port},
       {},
       site_.directory() / "container.log"});
  const std::vector<std::string> enter = {"nsenter", "--target", std::to_string(container.pid()),
                                          "--net"};
  for (int more = 50; more > 0 && site_.relup_under(enter, {"status"}).exit_code != 0; --more)
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto before = list_host(site_.root());
  const RelupResult refused = relup({"upgrade", "1.1.0"}, 75);
  EXPECT_EQ(list_host(site_.root()), before);
  EXPECT_THAT(refused.errors, HasSubstr("in a network of its own")) << refused;
  EXPECT_THAT(refused.errors, HasSubstr("nsenter --target "));
  const RelupResult done = site_.relup_under(enter, {"upgrade", "1.1.0"});
  EXPECT_EQ(done.exit_code, 0) << done;
  EXPECT_THAT(site_.relup_under(enter, {"status"}).output, HasSubstr("boots     1.1.0"));
  container.stop(std::chrono::seconds(10));
}

}  // namespace
}  // namespace relup::live_tests
