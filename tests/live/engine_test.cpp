// SPDX-License-Identifier: Apache-2.0
//
// relup's engine beside OTP's, on a crowd of workers (live/support/crowd.hpp): who is born while
// the script runs, who ends, and who does not let himself be suspended. What befalls them under
// OTP's engine is shown first.

#include <thread>

#include "live/support/crowd.hpp"
#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "term/printer.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The first that is changed ends one that waits for its turn.
constexpr auto kill_another =
    "[exit(Last, kill) || {Last} <- ets:take(tally_crowd, ets:last(tally_crowd)), Last =/= "
    "self()],";

class EngineTest : public LiveTest, public testing::WithParamInterface<Place> {
 protected:
  void start_crowd(std::int64_t count, Place place, const std::string& on_change = "") {
    start_crowd(crowd_builds(tools(), on_change), count, place);
  }
  void start_crowd(const BuildMachine& builds, std::int64_t count, Place place) {
    start(builds);
    node_ = connect();
    crowd_ = std::make_unique<Crowd>(*node_);
    crowd_->populate(count, place);
  }
  // Before its point of no return the script keeps a worker busy for longer than a suspend waits.
  static BuildMachine& builds_with_a_busy_worker() {
    BuildMachine& builds = crowd_builds(tools(), "%% One is busy.\n");
    static const bool once = [&] {
      const auto relup = builds.new_root() / "releases/1.1.0/relup";
      std::string text = read_file(relup);
      text.insert(text.find("point_of_no_return"),
                  "{apply,{tally_nursery,keep_one_busy,[6000]}},\n");
      write_file(relup, text);
      must_succeed(builds.pack());
      return true;
    }();
    (void)once;
    return builds;
  }
  // The identity of a process that is started anew when the node restarts.
  std::string life_of_node() {
    const Term pid = node_->call("erlang", "whereis", {Term::atom("tally_sup")}, 5s);
    return print(node_->call("erlang", "pid_to_list", {pid}, 5s));
  }
  Term settings() { return node_->call("application", "get_all_env", {Term::atom("tally")}, 5s); }

  std::unique_ptr<node::NodeChannel> node_;
  std::unique_ptr<Crowd> crowd_;
};

TEST_F(EngineTest, WithOtpsEngineNobodyOutsideOfATreeIsChanged) {
  start_crowd(100, Place::alone);
  EXPECT_THAT(relup({"upgrade", "1.1.0", "--engine", "otp"}, 1).errors, HasSubstr("tally_worker"));
  relup({"upgrade", "1.1.0"});
  relup({"downgrade", "1.0.0"});
  EXPECT_EQ(crowd_->shapes(), "{100,0,100}");
  node_->call("release_handler", "install_release", {Term::string("1.1.0")}, 30s);
  EXPECT_EQ(crowd_->shapes(), "{0,0,100}");  // the old state in the new code
}

TEST_P(EngineTest, WhoIsBornMeanwhileIsChangedUpAndDown) {
  start_crowd(2000, GetParam());
  crowd_->begin_births(3000, GetParam());
  relup({"upgrade", "1.1.0"});
  crowd_->wait_for_the_last_birth();
  EXPECT_EQ(crowd_->shapes(), "{0,5000,5000}");

  crowd_->begin_births(3000, GetParam());
  relup({"downgrade", "1.0.0"});
  crowd_->wait_for_the_last_birth();
  EXPECT_EQ(crowd_->shapes(), "{8000,0,8000}");
}

// On the way down they have to be changed before the load. There is always somebody in his init, so
// that the load cannot wait for all of them; who was left then is named.
TEST_F(EngineTest, ADowngradeWaitsForWhoIsInItsInitButNotForEver) {
  start_crowd(100, Place::alone);
  relup({"upgrade", "1.1.0"});
  crowd_->begin_slow_births(Milliseconds{300});
  const std::string errors = relup({"downgrade", "1.0.0"}).errors;
  crowd_->end_births();  // they went on until now
  std::size_t named = 0;
  const std::size_t note = errors.find("have not been through code_change of tally_worker");
  for (std::size_t at = note; (at = errors.find("<0.", at)) != std::string::npos; ++at)
    ++named;
  const std::string shapes = crowd_->shapes();  // {Old,New,All}
  const auto all = std::stoul(shapes.substr(shapes.rfind(',') + 1));
  const auto old = std::stoul(shapes.substr(1));
  EXPECT_GT(old, 200U) << shapes;
  EXPECT_EQ(all - old, named) << shapes << errors;
}

TEST_F(EngineTest, AnotherTracerIsLeftAlone) {
  start_crowd(100, Place::alone);
  crowd_->trace_births();
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(crowd_->shapes(), "{0,100,100}");
  const Term flags =
      node_->call("erlang", "trace_info", {Term::atom("new_processes"), Term::atom("flags")}, 5s);
  EXPECT_EQ(print(flags), "{flags,[procs]}");
}

INSTANTIATE_TEST_SUITE_P(Everywhere, EngineTest, testing::Values(Place::supervised, Place::alone),
                         [](const auto& place) {
                           return place.param == Place::alone ? "Alone" : "Supervised";
                         });

// The script itself makes him busy, after the last look and before anybody is suspended.
TEST_F(EngineTest, WhoIsBusyStopsTheInstallBeforeAnyCodeIsLoaded) {
  start_crowd(builds_with_a_busy_worker(), 100, Place::alone);
  const std::string life = life_of_node();
  const Term before = settings();
  const RelupResult result = relup({"upgrade", "1.1.0"}, 4);
  EXPECT_THAT(result.errors, HasSubstr("was not begun and the node was not restarted"));
  EXPECT_THAT(result.errors, HasSubstr("tally_worker: <"));
  EXPECT_EQ(life_of_node(), life);
  EXPECT_EQ(settings(), before);
  expect_running("1.0.0", "1.0.0");
  std::this_thread::sleep_for(8s);
  EXPECT_EQ(crowd_->shapes(), "{100,0,100}");
}

TEST_F(EngineTest, WithOtpsEngineTheNodeRestartsWhenSomebodyEnds) {
  start_crowd(100, Place::supervised, kill_another);
  const std::string life = life_of_node();
  relup({"upgrade", "1.1.0", "--engine", "otp"}, 4);
  node_ = connect();
  EXPECT_NE(life_of_node(), life);
}

TEST_F(EngineTest, WhoEndsWhileItWaitsIsNoFailure) {
  start_crowd(100, Place::supervised, kill_another);
  const std::string life = life_of_node();
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(life_of_node(), life);
  EXPECT_THAT(crowd_->shapes(), StartsWith("{0,"));
  EXPECT_THAT(crowd_->shapes(), Not(HasSubstr("{0,100,100}")));
}

}  // namespace
}  // namespace relup::live_tests
