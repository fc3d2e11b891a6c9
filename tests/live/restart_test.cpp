// SPDX-License-Identifier: Apache-2.0
//
// What decides which release boots, and with what, besides start_erl.data: heart with the
// environment that it was started with, Elixir's reboot after the configuration, and a build into
// the root of a running node.

#include <csignal>

#include "live/support/source_variant.hpp"
#include "site_test.hpp"

namespace relup::live_tests {
namespace {

using testing::HasSubstr;
using testing::Not;

const ProjectBuilds& plain_builds() {
  static const ProjectBuilds made(tools(), shop());
  return made;
}

const ProjectBuilds& rebooting_builds() {
  static const ProjectBuilds made(tools(), shop_with("reboot_system_after_config: true"));
  return made;
}

class HeartTest : public SiteTest {
 protected:
  HeartTest() : SiteTest(plain_builds()) {
    site_.environment() = {
        "HEART_COMMAND=cd " + site_.root().string() + " && bin/shop start > /dev/null 2>&1",
        "HEART_NO_KILL=TRUE", "ELIXIR_ERL_OPTIONS=-heart"};
    site_.start();
  }
  // What heart has started is no child of ours; it ends in order, so that heart does not begin
  // again.
  ~HeartTest() override {
    try {
      const pid_t node = os_pid();
      site_.call("init", "stop", {});
      for (int i = 0; i < 200 && ::kill(node, 0) == 0; ++i)
        ::usleep(50'000);
    } catch (const std::exception&) {
      // It has ended already.
    }
  }

  void lose_node() {
    ::kill(os_pid(), SIGKILL);
    wait_for_boot();
  }
};

TEST_F(HeartTest, StartsWhatIsCommittedEvenWhenTheOldReleaseIsGone) {
  relup({"upgrade", "2.9.6-rc.0"});
  lose_node();
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
  EXPECT_EQ(setting("shop", "resolved_for"), "{ok,<<\"2.9.6-rc.0\">>}");
  EXPECT_EQ(variable("RELEASE_VM_ARGS"), file("releases/2.9.6-rc.0/vm.args"));
  relup({"upgrade", "2.9.6"});
  relup({"remove", "2.9.6-rc.0"});
  lose_node();
  EXPECT_EQ(ask("version"), "2.9.6");
  EXPECT_EQ(status().at("boots"), "2.9.6");
}

TEST_F(HeartTest, StartsTheOldReleaseWhileNothingIsCommitted) {
  relup({"upgrade", "2.9.6-rc.0", "--no-commit"});
  lose_node();
  EXPECT_EQ(ask("version"), "2.9.4");
}

// The fall: heart as it was started.
TEST_F(HeartTest, WithoutAnotherCommandItStartsTheOldRelease) {
  relup({"upgrade", "2.9.6-rc.0"});
  site_.call("heart", "clear_cmd", {});
  lose_node();
  EXPECT_EQ(ask("version"), "2.9.4");
}

class RebootingTest : public SiteTest {
 protected:
  RebootingTest() : SiteTest(rebooting_builds()) { site_.start(); }

  std::string sys_config(const std::string& version) {
    return read_file(file("releases/" + version + "/sys.config"));
  }
};

// As Elixir writes the string "pepper".
testing::Matcher<std::string> HoldsTheSecret() {
  return HasSubstr("<<112,101,112,112,101,114>>");
}

TEST_F(RebootingTest, ResolvesTheNewConfigurationAtEachStartAndWritesItNowhereElse) {
  EXPECT_THAT(variable("RELEASE_SYS_CONFIG"), HasSubstr(".runtime"));
  relup({"upgrade", "2.9.6-rc.0"});
  const std::string original = sys_config("2.9.6-rc.0");
  EXPECT_THAT(original, Not(HoldsTheSecret()));
  restart_in_place();
  wait_for_boot();
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
  EXPECT_EQ(setting("shop", "resolved_for"), "{ok,<<\"2.9.6-rc.0\">>}");
  EXPECT_EQ(setting("shop", "api_secret"), "{ok,<<\"pepper\">>}");
  EXPECT_EQ(sys_config("2.9.6-rc.0"), original);
  site_.start();
  EXPECT_EQ(setting("shop", "resolved_for"), "{ok,<<\"2.9.6-rc.0\">>}");
  relup({"downgrade", "2.9.4"});
  restart_in_place();
  wait_for_boot();
  EXPECT_EQ(setting("shop", "resolved_for"), "{ok,<<\"2.9.4\">>}");
  EXPECT_THAT(sys_config("2.9.4"), Not(HoldsTheSecret()));
}

// The fall: after OTP's own commit Elixir writes the secrets into the release, for good.
TEST_F(RebootingTest, WithoutTheAgentTheReleaseItselfIsOverwritten) {
  relup({"upgrade", "2.9.6-rc.0", "--no-commit"});
  site_.call("release_handler", "make_permanent", {Term::string("2.9.6-rc.0")});
  site_.call(
      "os", "putenv",
      {Term::string("RELEASE_SYS_CONFIG"), Term::string(file("releases/2.9.6-rc.0/sys").string())});
  restart_in_place();
  wait_for_boot();
  EXPECT_THAT(sys_config("2.9.6-rc.0"), HoldsTheSecret());
}

const ProjectBuilds& pruning_builds() {
  static const ProjectBuilds made(tools(), shop_with("reboot_system_after_config: true, "
                                                     "prune_runtime_sys_config_after_boot: true"));
  return made;
}

class PruningTest : public SiteTest {
 protected:
  PruningTest() : SiteTest(pruning_builds()) { site_.start(); }
};

// Elixir has deleted the file that the node was started with; a failed install restarts with it.
TEST_F(PruningTest, AFailedInstallStillFindsAConfigurationToBootWith) {
  EXPECT_FALSE(exists(std::filesystem::path(variable("RELEASE_SYS_CONFIG") + ".config")));
  relup({"upgrade", "2.9.6-rc.0", "--no-commit"});
  restart_in_place();
  wait_for_boot();
  EXPECT_EQ(ask("version"), "2.9.4");
  relup({"upgrade", "2.9.6-rc.0"});
  site_.start();
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
  EXPECT_EQ(setting("shop", "api_secret"), "{ok,<<\"pepper\">>}");
}

// An operator who gives the node a sys.config of another place.
class GivenConfigTest : public SiteTest {
 protected:
  GivenConfigTest() : SiteTest(plain_builds()) {
    std::filesystem::copy_file(file("releases/2.9.4/sys.config"), given_ + ".config");
    replace_in_file(given_ + ".config", "{currency,eur}", "{currency,usd}");
    site_.environment() = {"RELEASE_SYS_CONFIG=" + given_};
    site_.start();
  }

  std::string given_ = site_.directory() / "given";
};

TEST_F(GivenConfigTest, ItStaysTheOneThatCounts) {
  relup({"upgrade", "2.9.6-rc.0"});
  EXPECT_EQ(setting("shop", "currency"), "{ok,usd}");
  EXPECT_EQ(setting("shop", "resolved_for"), "{ok,<<\"2.9.6-rc.0\">>}");
  EXPECT_EQ(variable("RELEASE_SYS_CONFIG"), given_);
  restart_in_place();
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
  EXPECT_EQ(setting("shop", "currency"), "{ok,usd}");
}

class OverwrittenTest : public SiteTest {
 protected:
  OverwrittenTest() : SiteTest(plain_builds()) { site_.start(); }

  void build_into_root(const std::string& version) {
    plain_builds().build_again(version, "MIX_ENV=prod mix release --quiet --overwrite --path '" +
                                            site_.root().string() + "'");
  }
  std::string at(const std::string& version) const { return site_.root().string() + "@" + version; }
};

TEST_F(OverwrittenTest, TwoVersionsInOneRootAreTwoReleases) {
  build_into_root("2.9.6-rc.0");
  EXPECT_THAT(read_file(file("releases/start_erl.data")), HasSubstr("2.9.6-rc.0"));
  const std::string found = relup({"status"}).output;
  EXPECT_THAT(found, HasSubstr("start_erl.data boots 2.9.6-rc.0, but 2.9.4 is permanent"));
  EXPECT_THAT(found, HasSubstr("releases/RELEASES is missing"));
  relup({"generate", "--from", at("2.9.4"), "--to", at("2.9.6-rc.0")});
  relup({"upgrade", "2.9.6-rc.0", "--no-commit"});
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
  EXPECT_THAT(read_file(file("releases/start_erl.data")), HasSubstr("2.9.4"));
  relup({"commit"});
  EXPECT_EQ(status().at("boots"), "2.9.6-rc.0");
  site_.start();
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
}

// RELEASES says one thing and the disk another, and the machine went down in between: what runs is
// what the disk has.
TEST_F(OverwrittenTest, WhatRunsIsToldFromTheNodeNotFromReleases) {
  relup({"upgrade", "2.9.6-rc.0"});
  relup({"downgrade", "2.9.4"});
  build_into_root("2.9.6-rc.0");
  site_.start();
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
  relup({"generate", "--from", at("2.9.4"), "--to", at("2.9.6-rc.0")});
  EXPECT_EQ(status().at("running"), "2.9.6-rc.0");
  relup({"check", "2.9.6-rc.0"}, 1);
  const RelupResult refused = relup({"upgrade", "2.9.6-rc.0"}, 1);
  EXPECT_THAT(refused.errors, HasSubstr("release 2.9.6-rc.0 is running already"));
}

}  // namespace
}  // namespace relup::live_tests
