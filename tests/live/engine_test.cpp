// SPDX-License-Identifier: Apache-2.0
//
// relup's engine beside OTP's, on a crowd of workers that hold a state of the old or of the new
// shape: who is born while the script runs, who ends, and who does not let himself be suspended.
// What befalls them under OTP's engine is shown first.

#include <thread>

#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "term/printer.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

// %SHAPE% is the tag of the state that init/1 makes. `born` counts for the table of shapes: a
// worker answers with the tag that its state has, or crashes when it is not the one of its code.
constexpr auto worker = R"(-module(tally_worker).
-behaviour(gen_server).
-export([start/0, shapes/0, stay_busy/1]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

start() -> gen_server:start(?MODULE, [], []).

init([]) ->
    ets:insert(tally_crowd, {self()}),
    {ok, {%SHAPE%, 0}}.

shapes() ->
    Tags = [catch gen_server:call(Pid, tag) || {Pid} <- ets:tab2list(tally_crowd), is_process_alive(Pid)],
    {length([old || old <- Tags]), length([new || new <- Tags]), length(Tags)}.

stay_busy(Milliseconds) ->
    {Pid} = hd(ets:tab2list(tally_crowd)),
    gen_server:cast(Pid, {stay_busy, Milliseconds}).

handle_call(tag, _, {%SHAPE%, _} = State) -> {reply, %SHAPE%, State};
handle_call(tag, _, {Other, _} = State) -> {reply, {Other, in, %SHAPE%}, State}.

handle_cast({stay_busy, Milliseconds}, State) ->
    timer:sleep(Milliseconds),
    {noreply, State}.

code_change({down, _}, {new, Count}, _) -> {ok, {old, Count}};
code_change(_, {old, Count}, _) -> %ON_CHANGE%{ok, {new, Count}}.
)";

// What is not changed itself: the owner of the table of workers, and one that starts a worker each
// millisecond.
constexpr auto nursery = R"(-module(tally_nursery).
-export([bear/1, populate/1]).

populate(Count) ->
    Parent = self(),
    spawn(fun() ->
        ets:new(tally_crowd, [named_table, public]),
        Parent ! ready,
        receive never -> ok end
    end),
    receive ready -> ok end,
    [{ok, _} = tally_worker:start() || _ <- lists:seq(1, Count)],
    ets:info(tally_crowd, size).

bear(Count) ->
    spawn(fun() ->
        register(tally_mother, self()),
        [begin {ok, _} = tally_worker:start(), timer:sleep(1) end || _ <- lists:seq(1, Count)]
    end),
    ok.
)";

// The first that is changed ends one that waits for its turn.
constexpr auto kill_another = R"(
    case ets:take(tally_crowd, ets:last(tally_crowd)) of
        [{Last}] when Last =/= self() -> exit(Last, kill);
        _ -> ok
    end,
    )";

std::string worker_source(const std::string& shape, const std::string& on_change = "") {
  std::string text = worker;
  const auto put = [&](const std::string& mark, const std::string& value) {
    for (std::size_t at; (at = text.find(mark)) != std::string::npos;)
      text.replace(at, mark.size(), value);
  };
  put("%SHAPE%", shape);
  put("%ON_CHANGE%", on_change);
  return text;
}

// Sources with a crowd in both releases, built once for each kind.
BuildMachine& crowd_builds(const std::string& on_change) {
  static std::map<std::string,
                  std::pair<std::unique_ptr<SourceVariant>, std::unique_ptr<BuildMachine>>>
      made;
  auto& [sources, builds] = made[on_change];
  if (builds) return *builds;
  const Tools tools{.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM};
  sources = std::make_unique<SourceVariant>(tools.testdata);
  const auto tally = sources->directory() / "tally";
  for (const char* version : {"1.0.0", "1.1.0"})
    write_file(tally / version / "src/tally_nursery.erl", nursery);
  write_file(tally / "1.0.0/src/tally_worker.erl", worker_source("old"));
  write_file(tally / "1.1.0/src/tally_worker.erl", worker_source("new", on_change));
  builds = std::make_unique<BuildMachine>(sources->with(tools));
  builds->make_tarball();
  return *builds;
}

class EngineTest : public LiveTest {
 protected:
  void start_crowd(std::int64_t count, const std::string& on_change = "") {
    start(crowd_builds(on_change));
    node_ = connect();
    const Term made = node_->call("tally_nursery", "populate", {Term(count)}, 60s);
    EXPECT_EQ(print(made), std::to_string(count));
  }
  Term call(const char* function, Term::Elements arguments = {}) {
    return node_->call("tally_worker", function, std::move(arguments), 60s);
  }
  // "{OLD,NEW,ALL}"
  std::string shapes() { return print(call("shapes")); }
  // The identity of a process that lives as long as the emulator does.
  std::string life_of_node() {
    return print(node_->call("erlang", "system_info", {Term::atom("start_time")}, 5s)) +
           print(node_->call("erlang", "whereis", {Term::atom("init")}, 5s)) +
           print(node_->call("erlang", "whereis", {Term::atom("tally_sup")}, 5s));
  }
  void wait_for_the_last_birth() {
    while (!node_->call("erlang", "whereis", {Term::atom("tally_mother")}, 5s).is_atom("undefined"))
      std::this_thread::sleep_for(50ms);
  }

  std::unique_ptr<node::NodeChannel> node_;
};

TEST_F(EngineTest, WithOtpsEngineNobodyOutsideOfATreeIsChanged) {
  start_crowd(100);
  relup({"upgrade", "1.1.0", "--engine", "otp"});
  EXPECT_EQ(shapes(), "{0,0,100}");  // the old state in the new code
}

TEST_F(EngineTest, WhoIsBornMeanwhileIsChangedUpAndDown) {
  start_crowd(2000);
  for (const auto& [verb, version] : std::vector<std::pair<std::string, std::string>>{
           {"upgrade", "1.1.0"}, {"downgrade", "1.0.0"}}) {
    node_->call("tally_nursery", "bear", {Term(std::int64_t{3000})}, 5s);
    const RelupResult result = relup({verb, version});
    wait_for_the_last_birth();
    const std::string all = verb == "upgrade" ? "5000" : "8000";
    EXPECT_EQ(shapes(), verb == "upgrade" ? "{0,5000,5000}" : "{8000,0,8000}") << result;
  }
}

TEST_F(EngineTest, WhoIsBusyStopsTheInstallBeforeAnyCodeIsLoaded) {
  start_crowd(100);
  const std::string life = life_of_node();
  const Term settings = node_->call("application", "get_all_env", {Term::atom("tally")}, 5s);
  call("stay_busy", {Term(std::int64_t{8'000})});
  const RelupResult result = relup({"upgrade", "1.1.0"}, 4);
  EXPECT_THAT(result.errors, HasSubstr("was not begun, and the node was not restarted"));
  EXPECT_THAT(result.errors, HasSubstr("tally_worker: <"));
  EXPECT_EQ(life_of_node(), life);
  EXPECT_EQ(node_->call("application", "get_all_env", {Term::atom("tally")}, 5s), settings);
  expect_running("1.0.0", "1.0.0");
  std::this_thread::sleep_for(4s);
  EXPECT_EQ(shapes(), "{100,0,100}");
  // And it can be tried again.
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(shapes(), "{0,100,100}");
}

TEST_F(EngineTest, WhoEndsWhileItWaitsIsNoFailure) {
  start_crowd(100, kill_another);
  const std::string life = life_of_node();
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(life_of_node(), life);
  const std::string after = shapes();
  EXPECT_THAT(after, testing::StartsWith("{0,"));
  EXPECT_THAT(after, Not(HasSubstr("{0,100,100}")));
}

}  // namespace
}  // namespace relup::live_tests
