// SPDX-License-Identifier: Apache-2.0
//
// Scripts by hand over two small releases whose modules are really compiled: each shows one fall,
// and the same script put right shows none.
#include "simulate/simulation.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "release/release_tree.hpp"
#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/term_file.hpp"

namespace relup::simulate {
namespace {

using appup::Direction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string server(const std::string& name, const std::string& call) {
  return "-module(" + name + R"().
-behaviour(gen_server).
-export([ask/0, init/1, handle_call/3, handle_cast/2]).
ask() -> gen_server:call(?MODULE, ask).
init(_) -> {ok, 0}.
handle_call(_, _, State) -> {reply, )" +
         call + R"(, State}.
handle_cast(_, State) -> {noreply, State}.
)";
}

// desk asks till; price gains and loses a function; legacy goes, stats comes; stats is called by
// desk only.
const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"old/desk", server("desk", "{price:cost(1), legacy:f(), till:ask()}")},
      {"new/desk", server("desk", "{price:sum(2), stats:f(), till:ask()}")},
      {"old/till", server("till", "1")},
      {"new/till", server("till", "2")},
      {"old/price", "-module(price).\n-export([cost/1]).\ncost(X) -> X.\n"},
      {"new/price", "-module(price).\n-export([sum/1]).\nsum(X) -> X.\n"},
      {"old/legacy", "-module(legacy).\n-export([f/0]).\nf() -> 1.\n"},
      {"new/stats", "-module(stats).\n-export([f/0]).\nf() -> price:sum(1).\n"},
  });
  return modules;
}

support::SampleRelease release_of(const std::string& side, const std::string& version) {
  support::SampleApplication shop{"shop", version};
  for (const auto& [key, bytes] : compiled()) {
    if (key.starts_with(side + "/")) shop.modules[key.substr(side.size() + 1)] = bytes;
  }
  return {version, {shop}};
}

class SimulationTest : public ::testing::Test {
 protected:
  SimulationTest() {
    support::write_release(files_, "/old", release_of("old", "1.0"));
    support::write_release(files_, "/new", release_of("new", "2.0"));
    const auto trees = release::load_releases(files_, {"/old", "/new"}, {});
    diff_ = diff::compare_releases(trees.front(), trees.back());
  }

  static Script script(const std::string& text) {
    Script script;
    const Term terms = parse_single_term("script", "[" + text + "].");
    for (const Term& term : *terms.as_list())
      script.push_back(
          {std::get<appup::Action>(appup::read_instruction(term)), nullptr, term.span()});
    return script;
  }

  Simulation run(const std::string& text, Direction direction = Direction::up) const {
    return simulate(script(text), direction, diff_);
  }

  // "desk -> price:sum/1, 1 to 3"
  std::vector<std::string> broken(const std::string& text,
                                  Direction direction = Direction::up) const {
    std::vector<std::string> calls;
    for (const UndefinedCall& call : run(text, direction).undefined_calls) {
      calls.push_back(call.caller.name() + " -> " + call.callee.name() + ":" +
                      call.function.name.name() + "/" + std::to_string(call.function.arity) + ", " +
                      std::to_string(call.opened_by) + " to " + std::to_string(call.closed_by));
    }
    return calls;
  }

  support::MemoryFileSystem files_;
  diff::ReleaseDiff diff_;
};

std::string load(const std::string& module) {
  return "{load, {" + module + ", soft_purge, soft_purge}}";
}
std::string remove(const std::string& module) {
  return "{remove, {" + module + ", soft_purge, soft_purge}}";
}

TEST_F(SimulationTest, ACallerThatComesTooEarlyCallsWhatIsNotThere) {
  const std::string tail = ", " + load("till") + ", " + remove("legacy");
  EXPECT_THAT(broken(load("desk") + ", " + load("price") + ", " + load("stats") + tail),
              ElementsAre("desk -> price:sum/1, 0 to 1", "desk -> stats:f/0, 0 to 2"));
}

TEST_F(SimulationTest, NothingIsBrokenWhileTheCallerIsSuspended) {
  EXPECT_THAT(
      broken("{suspend, [desk]}, " + load("stats") + ", " + load("price") + ", " + load("desk") +
             ", {resume, [desk]}, " + load("till") + ", " + remove("legacy")),
      IsEmpty());
}

TEST_F(SimulationTest, WhatGoesTooEarlyBreaksItsOldCallers) {
  EXPECT_THAT(broken(remove("legacy") + ", {suspend, [desk]}, " + load("price") + ", " +
                     load("stats") + ", " + load("desk") + ", {resume, [desk]}, " + load("till")),
              ElementsAre("desk -> legacy:f/0, 0 to 1"));
}

TEST_F(SimulationTest, ACallThatNothingMendsIsOpenAtTheEnd) {
  EXPECT_THAT(broken(load("price")), ElementsAre("desk -> price:cost/1, 0 to 1"));
}

TEST_F(SimulationTest, TheWayDownStartsFromTheNewRelease) {
  EXPECT_THAT(broken(load("price"), Direction::down),
              ElementsAre("desk -> price:sum/1, 0 to 1", "stats -> price:sum/1, 0 to 1"));
  EXPECT_THAT(broken("{suspend, [desk]}, " + load("desk") + ", " + load("price") + ", " +
                         load("legacy") + ", " + remove("stats") + ", {resume, [desk]}",
                     Direction::down),
              IsEmpty());
}

TEST_F(SimulationTest, WhoIsNotCalledDoesNotRun) {
  EXPECT_THAT(broken(load("stats")), IsEmpty());
}

TEST_F(SimulationTest, AnApplicationThatIsStoppedCallsNobody) {
  const std::string stop = "{apply, {application, stop, [shop]}}, ";
  const std::string start = ", {apply, {application, start, [shop, permanent]}}";
  EXPECT_THAT(broken(stop + load("price") + start), ElementsAre("desk -> price:cost/1, 2 to 3"));
}

TEST_F(SimulationTest, WhoMayHangInASuspendedServerCannotBeSuspended) {
  const auto blocked = run("{suspend, [till]}, {suspend, [desk]}, {resume, [till, desk]}");
  ASSERT_EQ(blocked.blocked_suspends.size(), 1U);
  EXPECT_EQ(blocked.blocked_suspends[0].module.name(), "desk");
  EXPECT_EQ(blocked.blocked_suspends[0].called.name(), "till");
  EXPECT_EQ(blocked.blocked_suspends[0].step, 1U);
  EXPECT_THAT(run("{suspend, [desk, till]}, {resume, [till, desk]}").blocked_suspends, IsEmpty());
}

TEST_F(SimulationTest, ASecondLoadKillsWhatTheFirstLeftBehind) {
  const auto twice = run(load("till") + ", " + load("till"));
  ASSERT_EQ(twice.late_kills.size(), 1U);
  EXPECT_EQ(twice.late_kills[0].left_by, 0U);
  EXPECT_EQ(twice.late_kills[0].step, 1U);
  EXPECT_EQ(run(load("till") + ", {purge, [till]}").late_kills.size(), 1U);
  EXPECT_THAT(run("{purge, [till]}, " + load("till")).late_kills, IsEmpty());
}

TEST_F(SimulationTest, ALoadBehindARemovalKillsNobody) {
  EXPECT_THAT(run(remove("till") + ", " + load("till")).late_kills, IsEmpty());
  EXPECT_EQ(run(remove("till") + ", " + load("till") + ", " + load("till")).late_kills.size(), 1U);
}

TEST_F(SimulationTest, TheEndIsHeldToTheTarget) {
  const std::string all = load("price") + ", " + load("stats") + ", " + load("desk") + ", " +
                          load("till") + ", " + remove("legacy");
  EXPECT_THAT(run(all).wrong_ends, IsEmpty());
  const auto ends = run(all + ", " + load("legacy") + ", " + remove("till")).wrong_ends;
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].module.name(), "legacy");
  EXPECT_EQ(ends[0].last_step, 5U);
  EXPECT_EQ(ends[1].module.name(), "till");
  EXPECT_EQ(ends[1].loaded, Loaded::nothing);
  EXPECT_THAT(run(load("price") + ", restart_emulator").wrong_ends, IsEmpty());
}

TEST_F(SimulationTest, CodeOfTheWrongVersionIsTheCodeThatRuns) {
  const auto ends = run("{load_object_code, {shop, \"1.0\", [till]}}, " + load("till")).wrong_ends;
  const bool till_is_old = std::any_of(ends.begin(), ends.end(), [](const WrongEnd& end) {
    return end.module == "till" && end.loaded == Loaded::origin;
  });
  EXPECT_TRUE(till_is_old);
}

TEST_F(SimulationTest, TellsWhatIsLoadedAtAStep) {
  const Simulation simulation = run(load("till") + ", " + remove("legacy"));
  EXPECT_EQ(simulation.loaded(Atom("till"), 0), Loaded::origin);
  EXPECT_EQ(simulation.loaded(Atom("till"), 1), Loaded::target);
  EXPECT_EQ(simulation.loaded(Atom("legacy"), 2), Loaded::nothing);
  EXPECT_EQ(simulation.loaded(Atom("lists"), 0), std::nullopt);
}

}  // namespace
}  // namespace relup::simulate
