// SPDX-License-Identifier: Apache-2.0
//
// A stock release of Mix, three versions of it, up and down under load: at each stop the code, the
// state of live processes, the configuration, the protocols, and what boots after a restart.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "node/ei_channel.hpp"
#include "support/load_generator.hpp"
#include "support/shop_site.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Tools& tools() {
  static const Tools all{.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM};
  return all;
}

const ShopBuilds& builds() {
  static const ShopBuilds made(tools());
  return made;
}

class MixTest : public testing::Test {
 protected:
  MixTest() { site_.start(); }

  RelupResult relup(const std::vector<std::string>& arguments, int exit_code = 0) {
    RelupResult result = site_.relup(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result;
    return result;
  }

  std::string ask(const std::string& line) { return live::ask(site_.port(), line); }

  // Past relup, to the node.
  Term call(std::string_view module, std::string_view function, Term::Elements arguments) {
    node::NodeAddress address;
    address.name = site_.node_name();
    address.hosts = {"127.0.0.1"};
    address.cookie = node::Cookie(site_.cookie());
    address.epmd_port = site_.epmd_port();
    return node::connect_node(address)->call(module, function, std::move(arguments),
                                             Milliseconds{10'000});
  }

  std::string setting(const std::string& key) {
    return print(call("application", "get_env", {Term::atom("shop"), Term::atom(key)}));
  }

  std::string variable(const std::string& name) {
    return call("os", "getenv", {Term::string(name)}).text().value_or("");
  }

  void restart_in_place() {
    call("init", "restart", {});
    std::this_thread::sleep_for(1s);
    site_.wait_until_serving();
  }

  // Code, configuration, protocols and the way to the next start are those of `version`.
  void expect_all_of(const std::string& version) {
    EXPECT_EQ(ask("version"), version);
    const auto status = nlohmann::json::parse(relup({"status", "--format", "json"}).output);
    EXPECT_EQ(status.at("running"), version);
    EXPECT_EQ(status.at("boots"), version);
    expect_configuration(version);
    EXPECT_TRUE(call("Elixir.Protocol", "consolidated?", {Term::atom("Elixir.Shop.Display")})
                    .is_atom("true"));
    EXPECT_EQ(ask("coupon ten"), version == "2.9.4"        ? "what?"
                                 : version == "2.9.6-rc.0" ? "10 percent off with ten"
                                                           : "15 percent off with ten");
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

  ShopSite site_{tools(), builds()};
};

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
  const Term answer = call("release_handler", "install_release", {Term::string("2.9.4")});
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

}  // namespace
}  // namespace relup::live
