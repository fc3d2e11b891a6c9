// SPDX-License-Identifier: Apache-2.0
//
// A stock release of rebar3: its start script has the version written into it, and fills in
// sys.config.src from the environment.

#include "live/support/loopback.hpp"
#include "live/support/source_variant.hpp"
#include "site_test.hpp"

namespace relup::live_tests {
namespace {

using testing::HasSubstr;

const ProjectBuilds& builds() {
  static const ProjectBuilds made(tools(), depot());
  return made;
}

class DepotTest : public SiteTest {
 protected:
  DepotTest() : SiteTest(builds()) { site_.start(); }

  void expect_all_of(const std::string& version) {
    EXPECT_EQ(ask("version"), version);
    const auto found = status();
    EXPECT_EQ(found.at("running"), version);
    EXPECT_EQ(found.at("boots"), version);
    EXPECT_EQ(setting("depot", "written_for"), "{ok,<<\"" + version + "\">>}");
    EXPECT_EQ(setting("depot", "secret"), "{ok,<<\"pepper\">>}");
    EXPECT_EQ(setting("depot", "port"), "{ok," + std::to_string(site_.port()) + "}");
    EXPECT_EQ(variable("RELEASE_VSN"), version);
    EXPECT_EQ(ask("clerk"), version == "0.10.0" ? "Ada" : "what?");
    EXPECT_THAT(read_file(file("bin/depot")), HasSubstr("REL_VSN=\"" + version + "\""));
  }
};

TEST_F(DepotTest, NoCustomerNoticesUpAndUpAndDownAndDown) {
  Connection regular(site_.port());
  regular.ask("seal north");
  regular.ask("hit plums");
  LoadGenerator load({.port = site_.port(), .clients = 20});
  load.start();
  expect_all_of("0.9.0");
  relup({"upgrade", "0.10.0-beta.1"});
  expect_all_of("0.10.0-beta.1");
  EXPECT_EQ(regular.ask("label plums"), "1 of plums");
  relup({"upgrade", "0.10.0"});
  expect_all_of("0.10.0");
  EXPECT_THAT(regular.ask("bay north"), HasSubstr("sealed, seals: "));
  relup({"downgrade", "0.10.0-beta.1"});
  expect_all_of("0.10.0-beta.1");
  EXPECT_EQ(regular.ask("bay north"), "sealed");
  relup({"downgrade", "0.9.0"});
  expect_all_of("0.9.0");
  EXPECT_EQ(regular.ask("label plums"), "plums x 1");
  const LoadReport report = load.stop();
  EXPECT_GT(report.answered, 0U);
  EXPECT_EQ(report.lost_connections, 0U) << report;
  EXPECT_EQ(report.wrong_answers, 0U) << report;
}

TEST_F(DepotTest, WhatIsCommittedBootsInEveryWay) {
  relup({"upgrade", "0.10.0-beta.1"});
  restart_in_place();
  expect_all_of("0.10.0-beta.1");
  site_.start();
  expect_all_of("0.10.0-beta.1");
  relup({"downgrade", "0.9.0"});
  site_.start();
  expect_all_of("0.9.0");
  relup({"remove", "0.10.0-beta.1"});
  EXPECT_FALSE(exists(file("bin/depot-0.10.0-beta.1")));
  expect_all_of("0.9.0");
}

TEST_F(DepotTest, UncommittedTheOldOneBoots) {
  relup({"upgrade", "0.10.0-beta.1", "--no-commit"});
  EXPECT_EQ(ask("version"), "0.10.0-beta.1");
  EXPECT_EQ(setting("depot", "written_for"), "{ok,<<\"0.10.0-beta.1\">>}");
  site_.start();
  expect_all_of("0.9.0");
}

// The fall: OTP's own call finds no sys.config in a release that has only the source of one, and
// takes that for an empty one.
TEST_F(DepotTest, WithoutTheAgentTheSettingsAreLost) {
  relup({"upgrade", "0.10.0-beta.1", "--no-commit"});
  relup({"rollback"});
  std::filesystem::remove(file("releases/0.10.0-beta.1/sys.config"));
  const Term answer =
      site_.call("release_handler", "install_release", {Term::string("0.10.0-beta.1")});
  EXPECT_TRUE(answer.is_tagged("ok", 3)) << print(answer);
  EXPECT_EQ(setting("depot", "secret"), "undefined");
}

}  // namespace
}  // namespace relup::live_tests
