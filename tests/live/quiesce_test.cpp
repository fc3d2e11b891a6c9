// SPDX-License-Identifier: Apache-2.0
//
// 200 WebSockets of the real ranch and cowboy, and visitors who come one after the other, while the
// release is changed up and down. What befalls them without `quiesce` is shown first: a message is
// handled by the old code of one module and the new code of another.

#include <csignal>
#include <thread>

#include "live/support/source_variant.hpp"
#include "live/support/web_server.hpp"
#include "live/support/websocket.hpp"
#include "live_test.hpp"
#include "term/printer.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t sockets = 200;

class QuiesceTest : public LiveTest {
 protected:
  QuiesceTest() {
    start(web_builds(tools(), RELUP_WEB_LIBRARIES));
    node_ = connect();
    const Term port = node_->call("ranch", "get_port", {Term::atom("http")}, 5s);
    port_ = static_cast<std::uint16_t>(*port.as_small_integer());
  }

  // Without tally_upgrade the script fails.
  void wish(const std::string& quiesce, const std::string& modules = "tally_upgrade") {
    write_file(site_.root() / "relup.yaml",
               "quiesce: {upgrade_modules: [" + modules + "]" + quiesce + "}\n");
  }

  // Nobody is let in any more.
  void wait_for_closed_doors() {
    const Term acceptors =
        node_->call("ranch", "procs", {Term::atom("http"), Term::atom("acceptors")}, 5s);
    const Term status = Term::atom("status");
    const Term closed = Term::tuple({status, Term::atom("suspended")});
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (node_->call("erlang", "process_info", {acceptors.as_list()->front(), status}, 5s) !=
           closed) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      std::this_thread::sleep_for(1ms);
    }
  }

  // By a check, as soon as the crowd has no visitor on the way.
  void expect_told(const std::string& sentence) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    std::string told;
    do {
      told = relup({"check", "1.1.0", "--format", "json"}).output;
    } while (told.find(sentence) == std::string::npos &&
             std::chrono::steady_clock::now() < deadline);
    EXPECT_THAT(told, HasSubstr(sentence));
  }

  // Of a request at /held.
  void let_it_end() {
    node_->call("erlang", "send", {Term::atom("tally_held"), Term::atom("go")}, 5s);
  }

  void expect_undisturbed(SocketCrowd& crowd) {
    crowd.go_round();
    const SocketCrowd::Report report = crowd.stop();
    EXPECT_THAT(report.lost, IsEmpty());
    EXPECT_THAT(report.unserved, IsEmpty());
    EXPECT_EQ(report.answered, report.rounds * sockets);
    RecordProperty("answered", static_cast<int>(report.answered));
    RecordProperty("longest_round_ms", static_cast<int>(report.longest_round.count()));
  }

  bool is_loaded(const std::string& module) {
    return node_->call("erlang", "module_loaded", {Term::atom(module)}, 5s).is_atom("true");
  }

  std::uint16_t port_ = 0;
  std::unique_ptr<node::NodeChannel> node_;
};

TEST_F(QuiesceTest, WithoutItAMessageMeetsOldAndNewCode) {
  wish("");
  SocketCrowd crowd(port_, sockets);
  relup({"upgrade", "1.1.0"});
  crowd.go_round();
  EXPECT_EQ(crowd.stop().lost.size(), sockets);
}

TEST_F(QuiesceTest, NobodyIsDisturbedUpAndDown) {
  wish(", listeners: [http]");
  SocketCrowd crowd(port_, sockets);
  crowd.go_round();
  expect_told("listener http lets nobody in during the install; 200 connections of it stand still");
  relup({"upgrade", "1.1.0"});
  expect_running("1.1.0", "1.1.0");
  crowd.go_round();
  relup({"downgrade", "1.0.0"});
  crowd.go_round();
  relup({"upgrade", "1.1.0", "--no-commit"});
  relup({"rollback"});
  expect_undisturbed(crowd);
}

// The release handler asks connections for their children, and would restart the node.
TEST_F(QuiesceTest, OtpsEngineIsRefusedWhereConnectionsAreToStandStill) {
  wish(", listeners: [http]");
  const RelupResult result = relup({"upgrade", "1.1.0", "--engine", "otp"}, 2);
  EXPECT_THAT(result.errors, HasSubstr("with OTP's engine connections cannot be suspended"));
  expect_running("1.0.0", "1.0.0");
}

TEST_F(QuiesceTest, WithOtpsEngineVisitorsWaitAndRequestsEnd) {
  wish(", listeners: [http], connections: leave");
  HttpRequest held(port_, "/held");
  auto upgrade = site_.start_relup({"upgrade", "1.1.0", "--engine", "otp"});
  wait_for_closed_doors();
  EXPECT_FALSE(is_loaded("tally_stats"));
  HttpRequest visitor(port_, "/");
  let_it_end();
  must_succeed(upgrade->finish());
  EXPECT_EQ(held.answer(), "served");
  EXPECT_EQ(visitor.answer(), "served");
}

TEST_F(QuiesceTest, ARequestUnderWayEndsFirst) {
  wish(", listeners: http");
  SocketCrowd crowd(port_, sockets);
  HttpRequest held(port_, "/held");
  auto upgrade = site_.start_relup({"upgrade", "1.1.0"});
  wait_for_closed_doors();
  EXPECT_FALSE(is_loaded("tally_stats"));
  let_it_end();
  EXPECT_EQ(held.answer(), "served");
  must_succeed(upgrade->finish());
  expect_undisturbed(crowd);
}

TEST_F(QuiesceTest, ARequestThatDoesNotEndStopsTheInstall) {
  wish(", listeners: http, drain_requests: 300");
  SocketCrowd crowd(port_, sockets);
  HttpRequest held(port_, "/held");
  const RelupResult result = relup({"upgrade", "1.1.0"}, 4);
  EXPECT_THAT(result.errors,
              AllOf(HasSubstr("was not begun and the node was not restarted"),
                    HasSubstr("requests did not end in time"), HasSubstr("http: tally_held")));
  EXPECT_FALSE(is_loaded("tally_upgrade"));
  expect_running("1.0.0", "1.0.0");
  let_it_end();
  EXPECT_EQ(held.answer(), "served");
  expect_undisturbed(crowd);
}

// Of a WebSocket whose handler begins to work when another request is waited for already.
TEST_F(QuiesceTest, AConnectionThatDoesNotStandStillStopsTheInstall) {
  wish(", listeners: http, connection_timeout: 500");
  SocketCrowd crowd(port_, sockets);
  WebSocket busy(port_, "/socket");
  HttpRequest held(port_, "/held");
  auto upgrade = site_.start_relup({"upgrade", "1.1.0"});
  wait_for_closed_doors();
  busy.send("sleep 4000");
  let_it_end();
  const RelupResult result = upgrade->finish();
  EXPECT_EQ(result.exit_code, 4) << result;
  EXPECT_THAT(result.errors, AllOf(HasSubstr("was not begun and the node was not restarted"),
                                   HasSubstr("connections did not let themselves be suspended"),
                                   HasSubstr("http: <")));
  expect_running("1.0.0", "1.0.0");
  EXPECT_EQ(held.answer(), "served");
  EXPECT_EQ(busy.receive(), "slept");
  // And it can be tried again.
  relup({"upgrade", "1.1.0"});
  busy.send("still there");
  EXPECT_EQ(busy.receive(), "still there 1");
  expect_undisturbed(crowd);
}

TEST_F(QuiesceTest, EverybodyGoesOnWhenRelupIsKilled) {
  wish(", listeners: http");
  SocketCrowd crowd(port_, sockets);
  auto upgrade = site_.start_relup({"upgrade", "1.1.0"});
  while (!is_loaded("tally_stats") && upgrade->running())
    std::this_thread::sleep_for(1ms);
  ::kill(upgrade->pid(), SIGKILL);
  crowd.go_round();
  expect_running("1.1.0", "1.0.0");
  expect_undisturbed(crowd);
}

TEST_F(QuiesceTest, WhatTheNodeDoesNotHaveIsRefusedBeforeAnything) {
  wish(", listeners: [http, '{shop, ws}']", "tally_gone");
  for (const char* verb : {"check", "upgrade"}) {
    const RelupResult result = relup({verb, "1.1.0"}, verb == std::string("check") ? 1 : 2);
    EXPECT_THAT(result.output + result.errors,
                AllOf(HasSubstr("ranch has no listener {shop,ws}"), HasSubstr("it has http"),
                      HasSubstr("tally_gone")));
  }
  expect_running("1.0.0", "1.0.0");
}

TEST_F(QuiesceTest, WithoutItsModuleTheScriptFails) {
  wish("", "");
  const RelupResult result = site_.relup({"upgrade", "1.1.0"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.errors, HasSubstr("undef in tally_upgrade:say/1"));
}

TEST_F(QuiesceTest, AnUpgradeModuleIsThereForTheWholeScriptAndNoLonger) {
  wish("");
  relup({"upgrade", "1.1.0"});
  EXPECT_FALSE(is_loaded("tally_upgrade"));
  relup({"downgrade", "1.0.0"});
  EXPECT_FALSE(is_loaded("tally_upgrade"));
  expect_running("1.0.0", "1.0.0");
}

}  // namespace
}  // namespace relup::live_tests
