// SPDX-License-Identifier: Apache-2.0
//
// A release that brings no emulator (include_erts: false). OTP's release handler belongs to the
// emulator's root and would keep its releases there.

#include "live/support/source_variant.hpp"
#include "site_test.hpp"

namespace relup::live_tests {
namespace {

using testing::HasSubstr;
using testing::Not;

const ProjectBuilds& builds() {
  static const ProjectBuilds made(tools(), shop_with("include_erts: false"));
  return made;
}

class SystemOtpTest : public SiteTest {
 protected:
  SystemOtpTest() : SiteTest(builds()) { site_.start(); }

  std::filesystem::path otp_releases() {
    const Term root = site_.call("code", "root_dir", {});
    return std::filesystem::path(root.text().value()) / "releases";
  }

  void expect_all_of(const std::string& version) {
    EXPECT_EQ(ask("version"), version);
    EXPECT_EQ(setting("shop", "resolved_for"), "{ok,<<\"" + version + "\">>}");
    EXPECT_TRUE(is_consolidated("Elixir.Shop.Display"));
    EXPECT_EQ(status().at("boots"), version);
  }
};

// What is in a directory and when it changed.
std::vector<std::string> listing(const std::filesystem::path& directory) {
  std::vector<std::string> lines;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const auto time = entry.last_write_time().time_since_epoch().count();
    lines.push_back(entry.path().string() + " " + std::to_string(time));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST_F(SystemOtpTest, GoesUpAndDownInItsOwnRoot) {
  EXPECT_FALSE(exists(file("lib/stdlib-4.2")));
  const auto otp_before = listing(otp_releases());
  EXPECT_THAT(relup({"status"}).output, HasSubstr("it is shown this root"));
  relup({"upgrade", "2.9.6-rc.0"});
  expect_all_of("2.9.6-rc.0");
  relup({"upgrade", "2.9.6"});
  restart_in_place();
  expect_all_of("2.9.6");
  relup({"downgrade", "2.9.6-rc.0"});
  site_.start();
  expect_all_of("2.9.6-rc.0");
  relup({"remove", "2.9.6"});
  EXPECT_FALSE(exists(file("lib/shop-2.9.6")));
  EXPECT_FALSE(exists(file("releases/2.9.6")));
  relup({"downgrade", "2.9.4"});
  expect_all_of("2.9.4");
  EXPECT_EQ(listing(otp_releases()), otp_before);
}

TEST_F(SystemOtpTest, CodeChangeIsTriedInASecondEmulatorOfTheSystem) {
  ask("add mine pear 300");
  EXPECT_THAT(relup({"check", "2.9.6-rc.0"}).output, Not(HasSubstr("could not be tried")));
  const std::string spoil =
      R"(:sys.replace_state({:via, Registry, {Shop.Registry, "mine"}}, fn _ -> "hunter2" end))";
  site_.call("Elixir.Code", "eval_string", {Term::binary(spoil)});
  EXPECT_THAT(relup({"check", "2.9.6-rc.0"}, 1).output,
              HasSubstr("code_change/3 of Elixir.Shop.Cart (up, from 2.9.4) crashes"));
}

// The fall: what runs is unknown to it, and OTP itself is the release.
TEST_F(SystemOtpTest, WithoutRelupTheReleaseHandlerLooksElsewhere) {
  EXPECT_THAT(print(site_.call("release_handler", "which_releases", {})), HasSubstr("Erlang/OTP"));
  relup({"upgrade", "2.9.6-rc.0"});
  EXPECT_THAT(print(site_.call("release_handler", "which_releases", {})),
              Not(HasSubstr("Erlang/OTP")));
}

}  // namespace
}  // namespace relup::live_tests
