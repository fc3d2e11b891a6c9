// SPDX-License-Identifier: Apache-2.0
//
// relup status tells at once how a node is, whatever is under way there.

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "node/agent.hpp"
#include "support/compiled_modules.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// A code_change that takes 3 s, during which the release handler does not answer.
class SlowInstallTest : public LiveTest {
 protected:
  SlowInstallTest() { start(builds()); }

  static BuildMachine& builds() {
    static SourceVariant sources(tools().testdata);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      sources.replace("1.1.0/src/tally_counter.erl", "Peak = tally_stats:peak(Counts),",
                      "timer:sleep(3000), Peak = tally_stats:peak(Counts),");
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }

  // Whether the release handler has no time to answer; waits until it is so, or the end of `run`.
  bool is_kept_busy(RelupRun& run) {
    const auto node = connect();
    while (run.running()) {
      try {
        node->call("release_handler", "which_releases", {}, 500ms);
      } catch (const Error&) {
        return true;
      }
    }
    return false;
  }
};

// The fall: who asks the release handler itself waits for the end of the install.
TEST_F(SlowInstallTest, IsToldWhileTheReleaseHandlerIsBusy) {
  const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
  while (run->running() && run->errors_so_far().find(R"("step":"install")") == std::string::npos)
    std::this_thread::sleep_for(5ms);
  ASSERT_TRUE(is_kept_busy(*run));

  const RelupResult text = relup({"status"});
  EXPECT_THAT(text.output, HasSubstr("an install of 1.1.0 runs, for "));
  EXPECT_THAT(text.output, HasSubstr("pid " + std::to_string(run->pid()) + " (relup upgrade "));
  const nlohmann::json now = status();
  EXPECT_TRUE(run->running());
  EXPECT_EQ(now.at("release_handler"), "busy") << now;
  EXPECT_EQ(now.at("job").at("work"), "install of 1.1.0") << now;
  EXPECT_EQ(now.at("running"), "1.0.0") << now;
  std::cout << "status beside an install: " << text.took.count() << " ms\n";

  const RelupResult done = run->finish();
  EXPECT_EQ(done.exit_code, 0) << done;
  expect_running("1.1.0", "1.1.0");
  EXPECT_EQ(status_at_rest().at("release_handler"), "answers");
}

class OldCodeTest : public LiveTest {
 protected:
  OldCodeTest() { start(standard_builds()); }

  static constexpr std::int64_t holders = 300;

  static std::int64_t crowd() {
    const char* wanted = std::getenv("RELUP_TEST_PROCESSES");
    return wanted == nullptr ? 3000 : std::atoi(wanted);
  }

  // Modules whose old code `holders` processes each run, in a crowd that does not.
  void set_up(const std::vector<std::string>& modules) {
    support::ModuleSources sources;
    for (const std::string& name : modules) {
      sources["1/" + name] =
          "-module(" + name +
          ").\n-export([wait/0, start/2]).\n"
          "wait() -> deeper(20).\n"
          "deeper(0) -> receive stop -> ok end;\n"
          "deeper(N) -> deeper(N - 1), ok.\n"
          "start(Holders, Crowd) ->\n"
          "  [spawn(?MODULE, wait, []) || _ <- lists:seq(1, Holders)],\n"
          "  [spawn(timer, sleep, [infinity]) || _ <- lists:seq(1, Crowd)], ok.\n";
    }
    const auto beams = support::compile_modules(sources);
    const auto node = connect();
    for (const std::string& name : modules) {
      load(*node, name, beams.at("1/" + name));
      node->call(name, "start", {Term(holders), Term(name == modules.front() ? crowd() : 0)}, 60s);
      load(*node, name, beams.at("1/" + name));
    }
  }
  static void load(node::NodeChannel& node, const std::string& name, const std::string& beam) {
    const Term loaded = node.call("code", "load_binary",
                                  {Term::atom(name), Term::string(name), Term::binary(beam)}, 10s);
    ASSERT_TRUE(loaded.is_tagged("module", 2));
  }
  // Exact where all processes were looked at, which a slow machine does not manage in time.
  void expect_told(const std::vector<std::string>& modules) {
    const RelupResult result = relup({"status", "--format", "json"});
    const nlohmann::json now = nlohmann::json::parse(result.output);
    std::cout << "status with " << now.at("processes") << " processes, " << modules.size()
              << " modules with old code: " << result.took.count() << " ms, " << now.at("looked_at")
              << " looked at\n";
    const bool is_whole = now.at("looked_at") == now.at("processes");
    EXPECT_GE(now.at("processes"), crowd());
    ASSERT_EQ(now.at("old_code").size(), modules.size()) << now;
    for (const auto& each : now.at("old_code")) {
      EXPECT_LE(each.at("processes").size(), 5U) << now;
      if (is_whole) {
        EXPECT_EQ(each.at("count"), holders) << now;
      }
    }
    const RelupResult deep = relup({"status", "--deep", "--format", "json"});
    const nlohmann::json all = nlohmann::json::parse(deep.output);
    std::cout << "status --deep: " << deep.took.count() << " ms\n";
    EXPECT_EQ(all.at("looked_at"), all.at("processes"));
    for (const auto& each : all.at("old_code"))
      EXPECT_EQ(each.at("count"), holders) << all;
    EXPECT_EQ(relup({"status"}).output.find("time was enough") == std::string::npos, is_whole);
  }
  std::string depth() {
    const auto node = connect();
    const Term before = node->call("erlang", "system_flag",
                                   {Term::atom("backtrace_depth"), Term(std::int64_t{8})}, 5s);
    return std::to_string(*before.as_small_integer());
  }
};

TEST_F(OldCodeTest, ItsHoldersAreCountedAndAFewAreNamed) {
  set_up({"held"});
  expect_told({"held"});
}

// By their stacks, whose depth is a setting of the node that is put back.
TEST_F(OldCodeTest, OfManyModulesToo) {
  set_up({"held_a", "held_b", "held_c", "held_d"});
  expect_told({"held_a", "held_b", "held_c", "held_d"});
  EXPECT_EQ(depth(), "8");
}

// A forecast sets the depth, too. Of two that overlap, neither takes it from the other, and the
// last one puts back what was before both.
TEST_F(OldCodeTest, BesideAForecastTheDepthIsPutBack) {
  set_up({"held_a", "held_b", "held_c"});
  const Term status =
      Term::tuple({Term::atom("status"), Term::string("/"), Term(std::int64_t{200})});
  const Term held = Term::tuple(
      {Term::atom("held_a"), Term::atom("none"), Term(), Term(), Term(), Term::atom("false")});
  const Term question = Term::map({{Term::atom("suspended"), Term()},
                                   {Term::atom("changed"), Term::list({held})},
                                   {Term::atom("depth"), Term::atom("quick")}});
  std::atomic<bool> is_over = false;
  std::thread statuses([&] {
    const auto line = connect();
    node::Agent agent(*line);
    while (!is_over)
      agent.ask(status, 30s);
  });
  const auto line = connect();
  node::Agent agent(*line);
  for (int look = 0; look < 20; ++look)
    agent.ask(Term::tuple({Term::atom("forecast"), question}), 30s);
  is_over = true;
  statuses.join();
  EXPECT_EQ(depth(), "8");
}

}  // namespace
}  // namespace relup::live_tests
