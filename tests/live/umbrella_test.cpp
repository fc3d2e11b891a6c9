// SPDX-License-Identifier: Apache-2.0
//
// An umbrella: applications that change at different times, one that comes, and protocols whose
// implementations are in other applications, one of them Elixir's own.

#include "live/support/loopback.hpp"
#include "site_test.hpp"

namespace relup::live_tests {
namespace {

const ProjectBuilds& builds() {
  static const ProjectBuilds made(tools(), umbrella());
  return made;
}

class UmbrellaTest : public SiteTest {
 protected:
  UmbrellaTest() : SiteTest(builds()) { site_.start(); }

  void expect_all_of(const std::string& version) {
    EXPECT_EQ(ask("version"), version);
    EXPECT_EQ(status().at("boots"), version);
    EXPECT_EQ(setting("stand", "resolved_for"), "{ok,<<\"" + version + "\">>}");
    EXPECT_EQ(setting("stand", "api_secret"), "{ok,<<\"pepper\">>}");
    EXPECT_TRUE(is_consolidated("Elixir.Till.Receipt"));
    EXPECT_TRUE(is_consolidated("Elixir.String.Chars"));
    if (version == "1.1.0") {
      EXPECT_EQ(ask("shout pear"), "PEAR!");
      EXPECT_EQ(ask("offer pear"), "20 percent off pear");
      EXPECT_EQ(setting("bargain", "percent"), "{ok,20}");
    } else {
      EXPECT_EQ(ask("shout pear"), "what?");
    }
  }
};

TEST_F(UmbrellaTest, NoCustomerNoticesUpAndUpAndDownAndDown) {
  Connection regular(site_.port());
  regular.ask("buy zoe pear");
  LoadGenerator load({.port = site_.port(), .clients = 20});
  load.start();
  expect_all_of("1.0.0");
  for (const char* version : {"1.1.0-rc.1", "1.1.0"}) {
    relup({"upgrade", version});
    expect_all_of(version);
    EXPECT_THAT(regular.ask("account zoe"), testing::HasSubstr("at most"));
  }
  for (const char* version : {"1.1.0-rc.1", "1.0.0"}) {
    relup({"downgrade", version});
    expect_all_of(version);
  }
  EXPECT_THAT(regular.ask("account zoe"), testing::StartsWith("1 for "));
  const LoadReport report = load.stop();
  EXPECT_GT(report.answered, 0U);
  EXPECT_EQ(report.lost_connections, 0U) << report;
  EXPECT_EQ(report.wrong_answers, 0U) << report;
}

TEST_F(UmbrellaTest, AnAddedApplicationIsThereAfterARestartAndGoesWithItsRelease) {
  relup({"upgrade", "1.1.0-rc.1"});
  relup({"upgrade", "1.1.0"});
  restart_in_place();
  expect_all_of("1.1.0");
  site_.start();
  expect_all_of("1.1.0");
  relup({"downgrade", "1.1.0-rc.1"});
  relup({"remove", "1.1.0"});
  EXPECT_FALSE(exists(file("lib/bargain-0.1.0")));
  EXPECT_TRUE(exists(file("lib/till-1.1.0-rc.1")));
  expect_all_of("1.1.0-rc.1");
}

}  // namespace
}  // namespace relup::live_tests
