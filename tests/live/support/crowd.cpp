// SPDX-License-Identifier: Apache-2.0
#include "crowd.hpp"

#include <map>
#include <thread>

#include "source_variant.hpp"
#include "term/printer.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;

// SHAPE is the tag of the state that init/1 makes.
constexpr auto worker = R"(-module(tally_worker).
-behaviour(gen_server).
-export([start_link/0, start/0, start/1, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() -> gen_server:start_link(?MODULE, [], []).

start() -> gen_server:start(?MODULE, [], []).

start(Milliseconds) -> gen_server:start(?MODULE, Milliseconds, []).

init([]) ->
    ets:insert(tally_crowd, {self()}),
    {ok, {SHAPE, 0}};
init(Milliseconds) ->
    ets:insert(tally_crowd, {self()}),
    timer:sleep(Milliseconds),
    {ok, {SHAPE, 0}}.

handle_call(tag, _, {SHAPE, _} = State) -> {reply, SHAPE, State};
handle_call(tag, _, {Other, _} = State) -> {reply, {Other, in, SHAPE}, State}.

handle_cast({stay_busy, Milliseconds}, State) ->
    timer:sleep(Milliseconds),
    {noreply, State}.

code_change({down, _}, {new, Count}, _) -> {ok, {old, Count}};
code_change(_, {old, Count}, _) -> ON_CHANGE {ok, {new, Count}}.
)";

// The same in both releases: nobody in it is in the way of an upgrade.
constexpr auto nursery_source = R"(-module(tally_nursery).
-behaviour(supervisor).
-export([start_link/0, init/1, populate/2, bear/2, bear_slowly/1, end_births/0, shapes/0, keep_one_busy/1, trace_births/0, begin_questions/0, longest/0]).

start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    {ok, {#{strategy => simple_one_for_one}, [#{id => worker, start => {tally_worker, start_link, []}}]}}.

populate(Count, Place) ->
    make_table(),
    [born(Place) || _ <- lists:seq(1, Count)],
    ok.

make_table() ->
    Parent = self(),
    spawn(fun() ->
        ets:new(tally_crowd, [named_table, public]),
        Parent ! ready,
        receive never -> ok end
    end),
    receive ready -> ok end,
    {ok, _} = supervisor:start_child(tally_sup, #{id => ?MODULE, start => {?MODULE, start_link, []}, type => supervisor}).

born(alone) -> {ok, _} = tally_worker:start();
born(supervised) -> {ok, _} = supervisor:start_child(?MODULE, []).

bear(Count, Place) ->
    spawn(fun() ->
        register(tally_mother, self()),
        [begin born(Place), timer:sleep(1) end || _ <- lists:seq(1, Count)]
    end),
    ok.

%% Each has a mother of its own, who waits for the end of its init.
bear_slowly(Milliseconds) ->
    spawn(fun() -> register(tally_mother, self()), keep_bearing(Milliseconds) end),
    ok.

keep_bearing(Milliseconds) ->
    spawn(fun() -> tally_worker:start(Milliseconds) end),
    receive stop -> ok after 5 -> keep_bearing(Milliseconds) end.

end_births() ->
    tally_mother ! stop.

shapes() ->
    Tags = [catch gen_server:call(Pid, tag) || {Pid} <- ets:tab2list(tally_crowd), is_process_alive(Pid)],
    {length([old || old <- Tags]), length([new || new <- Tags]), length(Tags)}.

keep_one_busy(Milliseconds) ->
    gen_server:cast(ets:first(tally_crowd), {stay_busy, Milliseconds}).

trace_births() ->
    Parent = self(),
    spawn(fun() ->
        erlang:trace(new_processes, true, [procs]),
        Parent ! tracing,
        receive never -> ok end
    end),
    receive tracing -> ok end.

begin_questions() ->
    spawn(fun() ->
        register(tally_questions, self()),
        ask(ets:first(tally_crowd), 0)
    end),
    ok.

ask('$end_of_table', Longest) -> ask(ets:first(tally_crowd), Longest);
ask(Pid, Longest) ->
    Begin = erlang:monotonic_time(microsecond),
    _ = gen_server:call(Pid, tag, infinity),
    Took = erlang:monotonic_time(microsecond) - Begin,
    receive
        {longest, Client} -> Client ! {longest, max(Took, Longest)}
    after 0 ->
        ask(ets:next(tally_crowd, Pid), max(Took, Longest))
    end.

longest() ->
    tally_questions ! {longest, self()},
    receive {longest, Longest} -> Longest end.
)";

std::string filled_in(std::string text, const std::string& mark, const std::string& value) {
  for (std::size_t at; (at = text.find(mark)) != std::string::npos;)
    text.replace(at, mark.size(), value);
  return text;
}

std::string worker_source(const std::string& shape, const std::string& on_change) {
  return filled_in(filled_in(worker, "SHAPE", shape), "ON_CHANGE", on_change);
}

struct Builds {
  explicit Builds(const Tools& tools, const std::string& on_change)
      : sources(tools.testdata), machine(sources.with(tools)) {
    const auto tally = sources.directory() / "tally";
    for (const char* version : {"1.0.0", "1.1.0"})
      write_file(tally / version / "src/tally_nursery.erl", nursery_source);
    write_file(tally / "1.0.0/src/tally_worker.erl", worker_source("old", ""));
    write_file(tally / "1.1.0/src/tally_worker.erl", worker_source("new", on_change));
    machine.make_tarball();
  }

  SourceVariant sources;
  BuildMachine machine;
};

}  // namespace

BuildMachine& crowd_builds(const Tools& tools, const std::string& on_change) {
  static std::map<std::string, std::unique_ptr<Builds>> made;
  std::unique_ptr<Builds>& builds = made[on_change];
  if (!builds) builds = std::make_unique<Builds>(tools, on_change);
  return builds->machine;
}

Term Crowd::nursery(const char* function, Term::Elements arguments) {
  return node_.call("tally_nursery", function, std::move(arguments), 120s);
}

namespace {

Term term_of(Place place) {
  return Term::atom(place == Place::supervised ? "supervised" : "alone");
}

}  // namespace

void Crowd::populate(std::int64_t count, Place place) {
  nursery("populate", {Term(count), term_of(place)});
}

void Crowd::begin_births(std::int64_t count, Place place) {
  nursery("bear", {Term(count), term_of(place)});
}

void Crowd::begin_slow_births(Milliseconds time) {
  nursery("bear_slowly", {Term(std::int64_t{time.count()})});
}

void Crowd::end_births() {
  nursery("end_births");
}

void Crowd::wait_for_the_last_birth() {
  while (!node_.call("erlang", "whereis", {Term::atom("tally_mother")}, 5s).is_atom("undefined"))
    std::this_thread::sleep_for(50ms);
}

void Crowd::keep_one_busy(Milliseconds time) {
  nursery("keep_one_busy", {Term(std::int64_t{time.count()})});
}

void Crowd::trace_births() {
  nursery("trace_births");
}

std::string Crowd::shapes() {
  return print(nursery("shapes"));
}

void Crowd::begin_questions() {
  nursery("begin_questions");
}

std::int64_t Crowd::longest_answer() {
  return *nursery("longest").as_small_integer();
}

}  // namespace relup::live_tests
