// SPDX-License-Identifier: Apache-2.0
//
// The whole way on a live node: from sources to a tarball, up, down and up again under load, and
// what the node is after each step and after a restart.

#include <filesystem>
#include <iostream>

#include "live/support/listing.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class UpgradeTest : public LiveTest {
 protected:
  UpgradeTest() { start(standard_builds()); }

  // One step of a tour with clients all around it; the new code answers all of them.
  void change_under_load(Load& load, const std::string& verb, const std::string& version) {
    relup({verb, version});
    load.go_round();
    expect_running(version, version);
  }
  static std::uint64_t total_of(const std::map<std::string, std::string>& state) {
    return std::stoull(state.at("total"));
  }
};

std::string status_of(const nlohmann::json& status, const std::string& version) {
  for (const auto& release : status.at("releases")) {
    if (release.at("version") == version) return release.at("status");
  }
  return "unknown";
}

TEST_F(UpgradeTest, NoClientNoticesUpAndDownAndUpAgain) {
  Connection regular(site_.node().port());
  Load load(site_.node().port());
  expect_running("1.0.0", "1.0.0");
  EXPECT_EQ(facts(regular.ask("state")).at("names"), "50");

  change_under_load(load, "upgrade", "1.1.0");
  // The state of a process from before: its requests count from the upgrade on.
  EXPECT_EQ(facts(regular.ask("state")).at("requests"), "1");
  EXPECT_EQ(regular.ask("version"), "tally 1.1.0");
  EXPECT_EQ(status_of(status(), "1.0.0"), "old");

  change_under_load(load, "downgrade", "1.0.0");
  EXPECT_FALSE(facts(regular.ask("state")).contains("requests"));
  EXPECT_EQ(status_of(status(), "1.1.0"), "old");

  change_under_load(load, "upgrade", "1.1.0");
  EXPECT_EQ(facts(regular.ask("state")).at("requests"), "1");

  const LoadReport report = load.stop();
  // Every hit was counted, and none of them twice.
  EXPECT_EQ(total_of(state()), report.answered);
  std::cout << report << "\n";
}

TEST_F(UpgradeTest, WhatIsCommittedBootsAfterARestart) {
  relup({"upgrade", "1.1.0"});
  site_.node().restart();
  expect_running("1.1.0", "1.1.0");
  site_.node().kill();
  site_.node().start();
  expect_running("1.1.0", "1.1.0");
  EXPECT_EQ(ask("hit apples"), "apples 1");

  relup({"downgrade", "1.0.0"});
  site_.node().restart();
  expect_running("1.0.0", "1.0.0");
  EXPECT_EQ(ask("hit apples"), "apples 1");
}

TEST_F(UpgradeTest, TheMomentOfTheCommitCountsWhenTheNodeIsKilled) {
  relup({"upgrade", "1.1.0"});
  site_.node().kill();
  site_.node().start();
  expect_running("1.1.0", "1.1.0");
}

TEST_F(UpgradeTest, RemoveTakesAllOfTheOldReleaseAndNothingOfTheNewOne) {
  relup({"upgrade", "1.1.0"});
  relup({"remove", "1.0.0"});

  const Listing host = list_tree(site_.root());
  for (const auto& [path, description] : host) {
    EXPECT_THAT(path, testing::Not(HasSubstr("1.0.0")));
  }
  Listing built = list_tree(standard_builds().new_root());
  built.erase("releases/1.1.0/vm.args");
  std::vector<std::string> lost = differences(without_modes(built), without_modes(host));
  std::erase_if(lost, [](const std::string& line) { return line.starts_with("+ "); });
  EXPECT_THAT(lost, IsEmpty());

  expect_running("1.1.0", "1.1.0");
  site_.node().restart();
  expect_running("1.1.0", "1.1.0");
}

TEST_F(UpgradeTest, WhatIsNotCommittedDoesNotBoot) {
  relup({"upgrade", "1.1.0", "--no-commit"});
  expect_running("1.1.0", "1.0.0");
  site_.node().restart();
  expect_running("1.0.0", "1.0.0");
  relup({"upgrade", "1.1.0"});
  expect_running("1.1.0", "1.1.0");
}

TEST_F(UpgradeTest, CommitsLater) {
  Load load(site_.node().port());
  relup({"upgrade", "1.1.0", "--no-commit"});
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 1).errors, HasSubstr("not committed"));
  relup({"commit"});
  load.go_round();
  expect_running("1.1.0", "1.1.0");
  load.stop();
  EXPECT_THAT(relup({"commit"}, 1).errors, HasSubstr("nothing to commit"));
  site_.node().restart();
  expect_running("1.1.0", "1.1.0");
}

TEST_F(UpgradeTest, RollsBack) {
  Connection regular(site_.node().port());
  Load load(site_.node().port());
  relup({"upgrade", "1.1.0", "--no-commit"});
  load.go_round();
  EXPECT_TRUE(facts(regular.ask("state")).contains("peak"));
  const auto before = state();

  relup({"rollback"});
  load.go_round();
  expect_running("1.0.0", "1.0.0");
  EXPECT_FALSE(facts(regular.ask("state")).contains("peak"));
  EXPECT_EQ(state().at("names"), before.at("names"));
  const LoadReport report = load.stop();
  EXPECT_EQ(total_of(state()), report.answered);
  EXPECT_THAT(relup({"rollback"}, 1).errors, HasSubstr("nothing to roll back"));
  site_.node().restart();
  expect_running("1.0.0", "1.0.0");
}

}  // namespace
}  // namespace relup::live_tests
