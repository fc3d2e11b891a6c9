// SPDX-License-Identifier: Apache-2.0
//
// A stock release of Mix, three versions of it, up and down under load: at each stop the code, the
// state of live processes, the configuration, the protocols, and what boots after a restart.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "live/support/loopback.hpp"
#include "site_test.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const ProjectBuilds& builds() {
  static const ProjectBuilds made(tools(), shop());
  return made;
}

class MixTest : public SiteTest {
 protected:
  MixTest() : SiteTest(builds()) { site_.start(); }

  std::string setting(const std::string& key) { return SiteTest::setting("shop", key); }

  // Code, configuration, protocols and the way to the next start are those of `version`.
  void expect_all_of(const std::string& version) {
    EXPECT_EQ(ask("version"), version);
    const auto found = status();
    EXPECT_EQ(found.at("running"), version);
    EXPECT_EQ(found.at("boots"), version);
    expect_configuration(version);
    EXPECT_TRUE(is_consolidated("Elixir.Shop.Display"));
    EXPECT_THAT(consolidated_directories(),
                ElementsAre(file("releases/" + version + "/consolidated")));
    EXPECT_EQ(ask("coupon ten"), version == "2.9.4"        ? "what?"
                                 : version == "2.9.6-rc.0" ? "10 percent off with ten"
                                                           : "15 percent off with ten");
  }

  // Where the code server looks for consolidated protocols.
  std::vector<std::string> consolidated_directories() {
    std::vector<std::string> found;
    const Term directories = site_.call("code", "get_path", {});
    for (const Term& directory : *directories.as_list()) {
      const std::filesystem::path path = directory.text().value_or("");
      if (path.filename() == "consolidated") found.push_back(path.lexically_normal());
    }
    return found;
  }

  void expect_configuration(const std::string& version) {
    EXPECT_EQ(setting("compiled_for"), "{ok,<<\"" + version + "\">>}");
    EXPECT_EQ(setting("resolved_for"), "{ok,<<\"" + version + "\">>}");
    EXPECT_EQ(setting("api_secret"), "{ok,<<\"pepper\">>}");
    EXPECT_EQ(setting("port"), "{ok," + std::to_string(site_.port()) + "}");
    EXPECT_EQ(variable("RELEASE_VSN"), version);
    EXPECT_EQ(variable("RELEASE_SYS_CONFIG"),
              (site_.root() / "releases" / version / "sys").string());
    EXPECT_FALSE(exists(site_.root() / "releases" / version / "sys.config.relup-original"));
  }
};

// A cart of 2.9.6-rc.0 asks for a setting that 2.9.4 does not have.
TEST_F(MixTest, CodeChangeIsTriedWithTheSettingsToCome) {
  ask("add mine pear 300");
  EXPECT_THAT(relup({"check", "2.9.6-rc.0"}).output,
              AllOf(Not(HasSubstr("not proved")), Not(HasSubstr("could not be tried"))));
  const std::string spoil =
      R"(:sys.replace_state({:via, Registry, {Shop.Registry, "mine"}}, fn _ -> "hunter2" end))";
  site_.call("Elixir.Code", "eval_string", {Term::binary(spoil)});
  EXPECT_THAT(
      relup({"upgrade", "2.9.6-rc.0"}, 1).errors,
      AllOf(HasSubstr("code_change/3 of Elixir.Shop.Cart (up, from 2.9.4) crashes: it is no "
                      "map but binary, at lib/cart.ex:28"),
            Not(HasSubstr("hunter2"))));
  EXPECT_EQ(ask("version"), "2.9.4");
}

TEST_F(MixTest, NoCustomerNoticesUpAndUpAndDownAndDown) {
  Connection regular(site_.port());
  regular.ask("add mine pear 300");
  LoadGenerator load({.port = site_.port(), .clients = 30});
  load.start();
  expect_all_of("2.9.4");
  EXPECT_EQ(regular.ask("show mine"), "a cart with 1 items");
  for (const char* version : {"2.9.6-rc.0", "2.9.6"}) {
    relup({"upgrade", version});
    expect_all_of(version);
    EXPECT_EQ(regular.ask("show mine"), "a cart with 1 items in eur");
  }
  for (const char* version : {"2.9.6-rc.0", "2.9.4"}) {
    relup({"downgrade", version});
    expect_all_of(version);
  }
  EXPECT_EQ(regular.ask("show mine"), "a cart with 1 items");
  EXPECT_EQ(regular.ask("total mine"), "total 300 eur");
  relup({"upgrade", "2.9.6-rc.0"});  // from the state that all this has left
  expect_all_of("2.9.6-rc.0");
  EXPECT_EQ(regular.ask("show mine"), "a cart with 1 items in eur");
  const LoadReport report = load.stop();
  EXPECT_GT(report.answered, 0U);
  EXPECT_EQ(report.lost_connections, 0U) << report;
  EXPECT_EQ(report.wrong_answers, 0U) << report;
  std::cout << report << "\n";
}

TEST_F(MixTest, WhatIsCommittedBootsInEveryWay) {
  relup({"upgrade", "2.9.6-rc.0"});
  restart_in_place();
  expect_all_of("2.9.6-rc.0");
  site_.start();
  expect_all_of("2.9.6-rc.0");
  relup({"downgrade", "2.9.4"});
  site_.start();
  expect_all_of("2.9.4");
  relup({"remove", "2.9.6-rc.0"});
  expect_all_of("2.9.4");
}

TEST_F(MixTest, ARollbackIsTheOldReleaseInAllThings) {
  relup({"upgrade", "2.9.6-rc.0", "--no-commit"});
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
  EXPECT_EQ(setting("resolved_for"), "{ok,<<\"2.9.6-rc.0\">>}");
  relup({"rollback"});
  expect_all_of("2.9.4");
  restart_in_place();
  expect_all_of("2.9.4");
}

// The fall: what OTP's own call does to the configuration. Without it the tests above prove
// nothing.
TEST_F(MixTest, WithoutTheAgentTheConfigurationIsLost) {
  relup({"upgrade", "2.9.6-rc.0"});
  EXPECT_EQ(setting("api_secret"), "{ok,<<\"pepper\">>}");
  const Term answer = site_.call("release_handler", "install_release", {Term::string("2.9.4")});
  EXPECT_TRUE(answer.is_tagged("ok", 3)) << print(answer);
  EXPECT_EQ(setting("api_secret"), "undefined");
  EXPECT_EQ(setting("resolved_for"), "undefined");
}

// As a node that dies in the middle of an install leaves it.
TEST_F(MixTest, AResolvedConfigurationThatWasLeftBehindIsPutBack) {
  const auto config = site_.root() / "releases" / "2.9.4" / "sys.config";
  const auto kept = config.string() + ".relup-original";
  relup({"upgrade", "2.9.6-rc.0"});
  std::filesystem::copy_file(config, kept);
  std::ofstream(config) << "[{shop,[{api_secret,<<\"left behind\">>}]}].\n";
  EXPECT_THAT(relup({"status"}).output, HasSubstr("the original is put back"));
  relup({"downgrade", "2.9.4"});
  expect_all_of("2.9.4");
  std::ifstream text(config);
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(text), {}),
              AllOf(HasSubstr("config_provider_init"), Not(HasSubstr("left behind"))));
}

TEST_F(MixTest, AValueThatNoFileCanKeepIsRefusedWithItsPlace) {
  relup({"upgrade", "2.9.6-rc.0"});
  std::ofstream(site_.root() / "releases" / "2.9.4" / "runtime.exs", std::ios::app)
      << "\nconfig :shop, hook: %{deep: fn -> :ok end}\n";
  const RelupResult refused = relup({"downgrade", "2.9.4"}, 3);
  EXPECT_THAT(refused.errors, HasSubstr("[shop,hook,deep]"));
  expect_all_of("2.9.6-rc.0");
}

TEST_F(MixTest, ACheckShowsTheSettingsThatChangeAndNoSecret) {
  site_.call("os", "putenv", {Term::string("SHOP_SECRET"), Term::string("saffron")});
  site_.call("application", "set_env", {Term::atom("shop"), Term::atom("debug"), Term::atom("on")});
  const RelupResult text = relup({"check", "2.9.6-rc.0"});
  EXPECT_THAT(text.output, HasSubstr("sets      shop api_secret: (hidden) -> (hidden)\n"));
  EXPECT_THAT(text.output,
              HasSubstr("sets      shop resolved_for: <<\"2.9.4\">> -> <<\"2.9.6-rc.0\">>\n"));
  EXPECT_THAT(text.output, HasSubstr("drops     shop debug: on\n"));
  EXPECT_THAT(text.output + text.errors, Not(AnyOf(HasSubstr("pepper"), HasSubstr("saffron"))));
  EXPECT_EQ(setting("api_secret"), "{ok,<<\"pepper\">>}");
  EXPECT_EQ(variable("RELEASE_VSN"), "2.9.4");
  EXPECT_FALSE(exists(file("releases/2.9.6-rc.0")));
}

TEST_F(MixTest, AConfigurationThatCannotBeResolvedIsRefusedInItsOwnWords) {
  relup({"upgrade", "2.9.6-rc.0"});
  std::ofstream(file("releases/2.9.4/runtime.exs"), std::ios::app)
      << "\nSystem.fetch_env!(\"SHOP_REGION\")\n";
  EXPECT_THAT(relup({"check", "2.9.4"}, 1).output, HasSubstr("\"SHOP_REGION\""));
  EXPECT_THAT(relup({"downgrade", "2.9.4"}, 3).errors, HasSubstr("\"SHOP_REGION\""));
  expect_all_of("2.9.6-rc.0");
}

// Elixir itself would abort a start of such a release.
TEST_F(MixTest, ASettingThatIsCompiledInOtherwiseIsRefused) {
  relup({"upgrade", "2.9.6-rc.0"});
  std::ofstream(file("releases/2.9.4/runtime.exs"), std::ios::app)
      << "\nconfig :shop, theme: :fancy\n";
  EXPECT_THAT(relup({"check", "2.9.4"}, 1).output, HasSubstr("(compile_env): shop theme"));
  EXPECT_THAT(relup({"downgrade", "2.9.4"}, 3).errors, HasSubstr("(compile_env): shop theme"));
  expect_all_of("2.9.6-rc.0");
}

// The fall: after the relup that OTP's own compiler would make, the protocol in memory does not
// know the implementation that has come.
TEST_F(MixTest, WithoutTheSwitchAProtocolMissesItsNewImplementation) {
  const auto known = [&] {
    return print(site_.call("Elixir.Shop.Display", "__protocol__", {Term::atom("impls")}));
  };
  relup({"upgrade", "2.9.6-rc.0", "--no-commit"});
  EXPECT_THAT(known(), HasSubstr("Shop.Coupon"));
  relup({"rollback"});
  const std::string root = site_.root().string();
  const std::string releases = root + "/releases/";
  relup({"generate", "--from", root + "@2.9.4", "--to", root + "@2.9.6-rc.0"});
  relup({"compile", releases + "2.9.6-rc.0/shop.rel", "--from", releases + "2.9.4/shop.rel",
         "--path", root + "/lib/*/ebin", "--outdir", releases + "2.9.6-rc.0"});
  const Term answer =
      site_.call("release_handler", "install_release", {Term::string("2.9.6-rc.0")});
  EXPECT_TRUE(answer.is_tagged("ok", 3)) << print(answer);
  EXPECT_THAT(known(), Not(HasSubstr("Shop.Coupon")));
}

// The node does the work, whatever becomes of relup.
TEST_F(MixTest, AnInstallGoesOnWhenItsRelupDies) {
  relup({"upgrade", "2.9.6-rc.0"});
  std::ofstream(file("releases/2.9.4/runtime.exs"), std::ios::app) << "\nProcess.sleep(3000)\n";
  const auto run = site_.start_relup({"downgrade", "2.9.4", "--progress", "json"});
  // It tells of the step before the node has begun with it.
  while (run->running() && relup({"status"}).output.find("an install of") == std::string::npos)
    std::this_thread::sleep_for(20ms);
  ::kill(run->pid(), SIGKILL);
  run->finish();
  EXPECT_THAT(relup({"status"}).output, HasSubstr("an install of 2.9.4 runs, for "));
  EXPECT_THAT(relup({"downgrade", "2.9.4"}, 75).errors, HasSubstr("still runs"));
  std::this_thread::sleep_for(4s);
  EXPECT_THAT(relup({"status"}).output, HasSubstr("has gone, is done"));
  relup({"commit"});
  expect_all_of("2.9.4");
}

}  // namespace
}  // namespace relup::live_tests
