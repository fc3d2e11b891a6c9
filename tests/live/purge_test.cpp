// SPDX-License-Identifier: Apache-2.0
//
// What an upgrade may do to clients that wait for a slow answer, and that relup stands in its way.
// The counter of these tests withholds answers: whoever asked before the upgrade waits in the old
// code of tally_connection, as requests to a slow database would. An appup written by hand loads
// that module without suspending anybody and says `brutal_purge`; a generated one suspends those
// who wait, which they do not hear.

#include <algorithm>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include "live/support/child_process.hpp"
#include "live/support/waiting_clients.hpp"
#include "live_test.hpp"
#include "term/term.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
class PurgeTest : public LiveTest {
 protected:
  PurgeTest() { start(brutal_builds()); }

  static BuildMachine& brutal_builds();
  Clients waiting_clients() { return live_tests::waiting_clients(site_.node().port()); }
  static std::size_t answered(const Clients& clients) {
    return live_tests::answered(clients, {"tally 1.1.0"});
  }
  // Does not return before relup waits for clients to leave old code.
  static void await_drain(const RelupRun& run);
};

BuildMachine& PurgeTest::brutal_builds() {
  static SourceVariant sources(tools().testdata);
  static BuildMachine builds(sources.with(tools()));
  static const bool once = [] {
    withhold_answers(sources);
    make_brutal_tarball(sources, builds);
    return true;
  }();
  (void)once;
  return builds;
}

void PurgeTest::await_drain(const RelupRun& run) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (run.errors_so_far().find(R"("step":"drain","state":"begun")") == std::string::npos) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no drain");
    std::this_thread::sleep_for(10ms);
  }
}

TEST_F(PurgeTest, WithoutRelupTheCommitKillsWhoeverWaits) {
  const Clients clients = waiting_clients();
  const auto node = connect();
  const auto handle = [&](const char* function, const char* argument) {
    const Term answer = node->call("release_handler", function, {Term::string(argument)}, 60s);
    EXPECT_FALSE(answer.is_tagged("error", 2)) << function;
  };
  handle("unpack_release", "tally-1.1.0");
  handle("install_release", "1.1.0");
  EXPECT_EQ(ask("version"), "tally 1.1.0");
  handle("make_permanent", "1.1.0");
  ask("hit release");
  EXPECT_EQ(answered(clients), 0U);
}

TEST_F(PurgeTest, RelupCommitsWhenTheyAreDone) {
  const Clients clients = waiting_clients();
  const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
  await_drain(*run);
  std::this_thread::sleep_for(1s);
  EXPECT_TRUE(run->running());
  EXPECT_EQ(ask("version"), "tally 1.1.0");

  ask("hit release");
  const RelupResult result = run->finish();
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(answered(clients), client_count);
  EXPECT_EQ(status().at("boots"), "1.1.0");
}

TEST_F(PurgeTest, RelupDoesNotCommitWhenTheyAreNeverDone) {
  const Clients clients = waiting_clients();
  const RelupResult refused = relup({"upgrade", "1.1.0"}, 7);
  EXPECT_THAT(refused.errors, HasSubstr("not committed"));
  EXPECT_THAT(refused.errors, HasSubstr("tally_connection: <"));
  const auto now = status_at_rest();
  EXPECT_EQ(now.at("running"), "1.1.0") << now;
  EXPECT_EQ(now.at("boots"), "1.0.0") << now;
  EXPECT_EQ(now.at("uncommitted"), true) << now;

  ask("hit release");
  EXPECT_EQ(answered(clients), client_count);
  relup({"commit"});
  EXPECT_EQ(status().at("boots"), "1.1.0");
}

TEST_F(PurgeTest, ANodeThatDiesMeanwhileIsToldAtOnce) {
  const Clients clients = waiting_clients();
  const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
  await_drain(*run);
  std::this_thread::sleep_for(300ms);
  send_signal(site_.node().pid(), SIGKILL);
  const RelupResult result = run->finish(10s);
  EXPECT_EQ(result.exit_code, 5) << result;
  EXPECT_THAT(result.errors, HasSubstr("has died after the install of 1.1.0, before the commit"));
  EXPECT_THAT(result.errors, HasSubstr("a start of it boots release 1.0.0"));
}

class BusyTest : public LiveTest {
 protected:
  BusyTest() { start(builds()); }

  // With the real 1.1.0, where connections change their state.
  static BuildMachine& builds() {
    static SourceVariant sources(tools().testdata);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      for (const char* version : {"1.0.0", "1.1.0"}) {
        withhold_answers(sources, version);
      }
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }
};

TEST_F(BusyTest, RelupDoesNotInstallOverAProcessThatCannotBeSuspended) {
  Connection client(site_.node().port());
  client.send("hit wait");
  std::this_thread::sleep_for(200ms);
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr("tally_connection <"));
  const RelupResult refused = relup({"upgrade", "1.1.0"}, 1);
  EXPECT_THAT(refused.errors, HasSubstr("busy"));
  EXPECT_THAT(refused.errors, HasSubstr("tally_connection <"));
  expect_running("1.0.0", "1.0.0");

  ask("hit release");
  EXPECT_EQ(client.receive(), "wait 0");
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(facts(client.ask("state")).at("requests"), "1");
}

}  // namespace
}  // namespace relup::live_tests
