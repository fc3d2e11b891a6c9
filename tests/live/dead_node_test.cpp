// SPDX-License-Identifier: Apache-2.0
//
// The node is killed while relup works on it. Whatever was under way: relup ends at once, says that
// the node has died and what a start of it boots, and with the exit code that tells whether
// anything can have been changed.

#include <csignal>
#include <iostream>
#include <thread>

#include "live/support/child_process.hpp"
#include "live/support/listing.hpp"
#include "live/support/source_variant.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

class DeadNodeTest : public LiveTest {
 protected:
  // The check and the install take 1 s each, in what stands before the point of no return.
  static BuildMachine& slow_builds() {
    static BuildMachine builds(tools());
    static const bool once = [] {
      builds.build();
      must_succeed(builds.generate());
      shell(
          "sed -i '0,/point_of_no_return/s//{apply,{timer,sleep,[1000]}}, point_of_no_return/' "
          "releases/1.1.0/relup",
          builds.new_root());
      must_succeed(builds.pack());
      return true;
    }();
    (void)once;
    return builds;
  }

  static bool has_begun(const RelupRun& run, const std::string& step) {
    return run.errors_so_far().find("\"step\":\"" + step + "\",\"state\":\"begun\"") !=
           std::string::npos;
  }
  static bool has_ended(const RelupResult& result, const std::string& step) {
    return result.errors.find("\"step\":\"" + step + "\",\"state\":\"done\"") != std::string::npos;
  }
  // Kills the node when the step has begun, `later` than that, and returns how relup ends. It is a
  // child of ours that we do not wait for, so its process stays as a zombie. With `hold` relup
  // stands still in between, so that short steps are met as well.
  enum class Hold { no, yes };
  RelupResult upgrade_and_kill(const std::string& step, std::chrono::milliseconds later = 0ms,
                               Hold hold = Hold::no) {
    const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
    while (run->running() && !has_begun(*run, step))
      std::this_thread::sleep_for(500us);
    if (hold == Hold::yes) ::kill(run->pid(), SIGSTOP);
    std::this_thread::sleep_for(later);
    send_signal(site_.node().pid(), SIGKILL);
    const auto killed = std::chrono::steady_clock::now();
    if (hold == Hold::yes) ::kill(run->pid(), SIGCONT);
    const RelupResult result = run->finish(60s);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - killed);
    std::cout << "killed in " << step << ": exit " << result.exit_code << ", told after "
              << took.count() << " ms" << (has_ended(result, step) ? ", behind it" : "") << "\n";
    // Far above what it takes, far below how long a node that restarts is waited for.
    EXPECT_LT(took, 15s) << result;
    return result;
  }
  void expect_boots(const RelupResult& result, const std::string& version) {
    EXPECT_THAT(result.errors, HasSubstr("a start of it boots release " + version));
    site_.node().start();
    EXPECT_EQ(ask("version"), "tally " + version);
  }
};

TEST_F(DeadNodeTest, BeforeTheInstallNothingIsChanged) {
  start(slow_builds());
  for (const auto& [step, later] : {std::pair{"verify", 0ms}, {"stage", 20ms}, {"check", 300ms}}) {
    SCOPED_TRACE(step);
    const Listing before = list_host(site_.root());
    const RelupResult result = upgrade_and_kill(step, later);
    EXPECT_EQ(result.exit_code, 75) << result;
    EXPECT_THAT(result.errors, HasSubstr("has died before the install of 1.1.0; nothing on this "
                                         "host was changed"));
    EXPECT_THAT(differences(before, list_host(site_.root())), IsEmpty());
    expect_boots(result, "1.0.0");
  }
  relup({"upgrade", "1.1.0"});
}

TEST_F(DeadNodeTest, InTheInstall) {
  start(slow_builds());
  const RelupResult result = upgrade_and_kill("install", 300ms);
  EXPECT_EQ(result.exit_code, 5) << result;
  EXPECT_THAT(result.errors, HasSubstr("tally@127.0.0.1 has died in the install of 1.1.0, and "
                                       "nothing has started it again: all its connections and "
                                       "state are lost"));
  expect_boots(result, "1.0.0");
  relup({"upgrade", "1.1.0"});
  expect_running("1.1.0", "1.1.0");
}

// Short steps: relup may be a step further when the node is dead.
TEST_F(DeadNodeTest, AfterTheInstall) {
  for (const char* step : {"prove", "drain", "commit"}) {
    SCOPED_TRACE(step);
    start(standard_builds());
    const RelupResult result = upgrade_and_kill(step, 0ms, Hold::yes);
    EXPECT_THAT(result.exit_code, AnyOf(0, 5)) << result;
    site_.node().stop();
    // Killed while OTP writes start_erl.data in its place, the node leaves it empty. That is told.
    const bool is_torn = result.errors.find("is not certain") != std::string::npos;
    if (result.exit_code == 5 && !is_torn) {
      EXPECT_THAT(result.errors, HasSubstr("has died"));
      const bool is_committed =
          result.errors.find("a start of it boots release 1.1.0") != std::string::npos;
      expect_boots(result, is_committed ? "1.1.0" : "1.0.0");
      site_.node().stop();
    }
    std::filesystem::remove_all(site_.root());
  }
}

// Something that starts the node again, as a service manager does.
TEST_F(DeadNodeTest, StartedAgainItIsAsked) {
  start(slow_builds());
  const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
  while (run->running() && !has_begun(*run, "install"))
    std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(300ms);
  site_.node().kill();
  std::this_thread::sleep_for(100ms);
  site_.node().start();
  const RelupResult result = run->finish(60s);
  EXPECT_EQ(result.exit_code, 4) << result;
  EXPECT_THAT(result.errors, HasSubstr("the node was restarted: all connections and state were "
                                       "lost; the old release 1.0.0 is verified to be running"));
  expect_running("1.0.0", "1.0.0");
}

}  // namespace
}  // namespace relup::live_tests
