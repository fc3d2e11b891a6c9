// SPDX-License-Identifier: Apache-2.0
#include "beam/code/call_graph.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "beam/hand_made_beam.hpp"
#include "support/compiled_modules.hpp"

namespace relup::beam {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> names_of(const std::vector<const FunctionCode*>& functions) {
  std::vector<std::string> names;
  for (const FunctionCode* function : functions)
    names.push_back(function->name.name() + "/" + std::to_string(function->arity));
  return names;
}

struct LoopCase {
  const char* name;
  const char* source;
  std::vector<std::string> loops;
};

// Each is a module `m` that exports everything below the line that says so.
const std::vector<LoopCase>& loop_cases() {
  static const std::vector<LoopCase> cases{
      {"never_returns", "loop(S) -> receive M -> loop([M | S]) end.", {"loop/1"}},
      {"calls_its_module", "loop(S) -> receive M -> m:loop([M | S]) end.", {}},
      {"can_be_told_to_leave",
       "loop(S) -> receive upgrade -> m:loop(S); M -> loop([M | S]) end.",
       {}},
      {"leaves_by_a_helper",
       "loop(S) -> receive M -> act(M, S) end.\n"
       "act(upgrade, S) -> m:loop(S);\nact(M, S) -> loop([M | S]).",
       {}},
      {"leaves_by_apply", "loop(S) -> receive {go, M} -> M:loop(S); _ -> loop(S) end.", {}},
      {"leaves_by_hibernation",
       "loop(S) -> receive _ -> loop(S) after 9 -> erlang:hibernate(m, loop, [S]) end.",
       {}},
      {"calls_its_module_for_another_reason",
       "loop(S) -> receive M -> m:note(M), loop(S) end.\nnote(M) -> put(note, M).",
       {"loop/1"}},
      {"calls_a_callback",
       "loop(S) -> receive {M, X} -> Y = M:run(X), loop([Y | S]) end.",
       {"loop/1"}},
      {"can_be_stopped_and_is_spawned",
       "start() -> spawn(fun() -> loop([]) end).\n"
       "loop(S) -> receive stop -> ok; M -> loop([M | S]) end.",
       {"loop/1"}},
      {"can_be_stopped_and_is_spawned_by_name",
       "start() -> proc_lib:start_link(m, init, [self()]).\n"
       "init(P) -> proc_lib:init_ack(P, {ok, self()}), loop([]).\n"
       "loop(S) -> receive stop -> ok; M -> loop([M | S]) end.",
       {"loop/1"}},
      {"is_spawned_beside_one_of_its_name",
       "start(P) -> spawn(m, ask, [P]).\nask(P) -> P ! ask.\n"
       "ask(P, L) -> P ! {self(), ask}, receive {P, A} -> [A | L]; _ -> ask(P, L) end.",
       {}},
      {"is_spawned_with_as_many_arguments",
       "start(P) -> spawn(m, ask, [P, []]).\nask(P) -> P ! ask.\n"
       "ask(P, L) -> P ! {self(), ask}, receive {P, A} -> [A | L]; _ -> ask(P, L) end.",
       {"ask/2"}},
      {"is_spawned_with_a_literal_list",
       "start() -> spawn_link(m, ask, [p, []]).\n"
       "ask(P, L) -> P ! {self(), ask}, receive {P, A} -> [A | L]; _ -> ask(P, L) end.",
       {"ask/2"}},
      {"is_spawned_with_arguments_that_nobody_knows",
       "start(L) -> spawn(m, ask, L).\n"
       "ask(P, L) -> P ! {self(), ask}, receive {P, A} -> [A | L]; _ -> ask(P, L) end.",
       {"ask/2"}},
      {"waits_for_one_answer",
       "ask(P) -> P ! {self(), ask}, answer(P).\n"
       "answer(P) -> receive {P, A} -> A; _ -> answer(P) end.",
       {}},
      {"gathers_answers",
       "gather(0, L) -> L;\ngather(N, L) -> receive A -> gather(N - 1, [A | L]) end.",
       {}},
      {"gathers_answers_and_exits",
       "gather(0, L) -> exit({shutdown, L});\n"
       "gather(N, L) -> receive A -> gather(N - 1, [A | L]) end.",
       {}},
      {"gathers_answers_in_a_process",
       "start(N, P) -> spawn(fun() -> gather(N, P) end).\n"
       "gather(0, P) -> P ! done;\ngather(N, P) -> receive _ -> gather(N - 1, P) end.",
       {}},
      {"flushes", "flush() -> receive _ -> flush() after 0 -> ok end.", {}},
      {"calls_each_other",
       "idle(S) -> receive go -> busy(S); _ -> idle(S) end.\n"
       "busy(S) -> receive done -> idle(S); _ -> busy(S) end.",
       {"idle/1"}},
      {"waits_in_a_helper",
       "loop(S) -> M = next(), loop([M | S]).\nnext() -> receive M -> M end.",
       {"loop/1"}},
      {"is_no_tail_call", "loop(S) -> receive M -> _ = loop([M | S]), done end.", {"loop/1"}},
      {"comprehends",
       "loop(L) -> receive {all, X} -> [P ! X || P <- L], loop(L); {add, P} -> loop([P | L]) end.",
       {"loop/1"}},
      {"runs_funs",
       "loop(L) -> receive X -> lists:foreach(fun(P) -> P ! X end, L), loop(L) end.",
       {"loop/1"}},
      {"ticks",
       "tick(N) -> receive stop -> exit(normal) after 1000 -> tick(N + 1) end.",
       {"tick/1"}},
      {"sleeps", "poll(F) -> F(), timer:sleep(1000), poll(F).", {"poll/1"}},
      {"accepts",
       "accept(L) -> {ok, S} = gen_tcp:accept(L), spawn(fun() -> S end), accept(L).",
       {"accept/1"}},
      {"tries_again",
       "connect(A) -> case gen_tcp:connect(A, 1, []) of {ok, S} -> S; _ -> timer:sleep(9), "
       "connect(A) end.",
       {}},
      {"is_a_special_process",
       "start() -> proc_lib:start_link(m, init, [self()]).\ninit(P) -> loop(P, []).\n"
       "loop(P, S) -> receive {system, F, R} -> sys:handle_system_msg(R, F, P, m, [], S); "
       "_ -> loop(P, S) end.\nsystem_continue(P, _, S) -> loop(P, S).",
       {}},
      {"becomes_a_server",
       "start() -> spawn(fun() -> wait(0) end).\n"
       "wait(S) -> receive ready -> gen_server:enter_loop(m, [], S); _ -> wait(S) end.",
       {}},
      {"is_a_server",
       "-behaviour(gen_server).\ninit(S) -> {ok, S}.\nhandle_cast(_, S) -> {noreply, S}.\n"
       "handle_call(_, _, S) -> {reply, flush(S), S}.\n"
       "flush(N) -> receive {tick, N} -> flush(N) after 0 -> N end.",
       {}},
      {"does_not_wait", "walk([]) -> [];\nwalk([H | T]) -> [H | walk(T)].", {}},
  };
  return cases;
}

const std::map<std::string, std::string>& loop_modules() {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const LoopCase& test : loop_cases()) {
      sources[std::string(test.name) + "/m"] =
          std::string("-module(m).\n-compile([export_all, nowarn_export_all]).\n") + test.source +
          "\n";
    }
    return support::compile_modules(sources);
  }();
  return modules;
}

class EndlessLoops : public ::testing::TestWithParam<LoopCase> {};

TEST_P(EndlessLoops, AreToldFromTheCode) {
  const CallGraph graph(BeamFile("m.beam", loop_modules().at(GetParam().name + std::string("/m"))));
  EXPECT_EQ(names_of(graph.endless_loops()), GetParam().loops);
}

INSTANTIATE_TEST_SUITE_P(All, EndlessLoops, ::testing::ValuesIn(loop_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(CallGraph, KnowsEveryFunctionOfALoop) {
  const CallGraph graph(BeamFile("m.beam", loop_modules().at("calls_each_other/m")));
  EXPECT_TRUE(graph.waits_for_ever_in_old_code(Atom("idle"), 1));
  EXPECT_TRUE(graph.waits_for_ever_in_old_code(Atom("busy"), 1));
  EXPECT_FALSE(graph.waits_for_ever_in_old_code(Atom("idle"), 2));
}

// Of a loop that ends, a process leaves the old code too, but nobody knows when.
TEST(CallGraph, TellsLoopsThatNobodyLeavesFromThoseThatComeToAnEnd) {
  const auto modules = support::compile_modules({{"x/m", R"(
-module(m).
-export([serve/1, once/1]).
serve(S) -> receive M -> note(M, S) end.
note(M, S) -> serve([M | S]).
sum([]) -> 0;
sum([N | L]) -> N + sum(L).
once(L) -> sum(L).
)"}});
  const CallGraph graph(BeamFile("m.beam", modules.at("x/m")));
  EXPECT_THAT(names_of(graph.captive_functions()), UnorderedElementsAre("serve/1", "note/2"));
  EXPECT_THAT(names_of(graph.recursive_functions()),
              UnorderedElementsAre("serve/1", "note/2", "sum/1"));
}

TEST(CallGraph, ReadsElixir) {
  const auto modules = support::compile_elixir({{"x", R"(
defmodule Loop do
  def start_link(arg), do: Task.start_link(__MODULE__, :run, [arg])
  def run(state), do: loop(state)
  defp loop(state) do
    receive do
      :stop -> :ok
      message -> loop([message | state])
    end
  end
end
defmodule Leaves do
  def start, do: spawn_link(fn -> run([]) end)
  def run(state) do
    receive do
      message -> __MODULE__.run([message | state])
    end
  end
end
defmodule Spawned do
  def start, do: spawn_link(fn -> run([]) end)
  defp run(state) do
    receive do
      :stop -> :ok
      message -> run([message | state])
    end
  end
end
defmodule Server do
  use GenServer
  def get(pid), do: GenServer.call(pid, :get)
  def both(pid), do: {get(pid), GenServer.call(__MODULE__, :get)}
  def init(state), do: {:ok, state}
  def handle_call(:get, _from, state), do: {:reply, state, state}
end
)"}});
  const auto graph_of = [&modules](const std::string& name) {
    return CallGraph(BeamFile(name, modules.at("x/Elixir." + name)));
  };
  EXPECT_THAT(names_of(graph_of("Loop").endless_loops()), ElementsAre("loop/1"));
  EXPECT_THAT(names_of(graph_of("Leaves").endless_loops()), IsEmpty());
  EXPECT_THAT(names_of(graph_of("Spawned").endless_loops()), ElementsAre("run/1"));
  const CallGraph server = graph_of("Server");
  EXPECT_THAT(names_of(server.endless_loops()), IsEmpty());
  EXPECT_TRUE(server.calls_and_waits(Atom("get"), 1));
  EXPECT_FALSE(server.calls_and_waits(Atom("init"), 1));
  const auto waiting = server.waiting_functions();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].function->name, Atom("both"));
  EXPECT_THAT(waiting[0].servers, ElementsAre(Atom("Elixir.Server")));
  EXPECT_TRUE(waiting[0].asks_others);
}

TEST(CallGraph, KnowsWhoWaitsAndWhoIsOnTheStackMeanwhile) {
  const auto modules = support::compile_modules({{"x/m", R"(
-module(m).
-export([tail/0, kept/0, by_helper/0, by_all/1, later/0, tells/0, starts/0, far/0]).
tail() -> gen_server:call(m, tail).
kept() -> {ok, A} = gen_server:call(m, kept), A.
by_helper() -> {tail()}.
by_all(L) -> lists:foreach(fun(P) -> gen_server:call(P, all) end, L).
later() -> spawn(fun() -> gen_server:call(m, later) end).
tells() -> gen_server:cast(m, tells).
starts() -> {ok, P} = supervisor:start_child(m_sup, []), P.
far() -> {rpc:call(a, b, c, [])}.
)"}});
  const CallGraph graph(BeamFile("m.beam", modules.at("x/m")));
  for (const auto* name : {"tail", "kept", "by_helper", "starts", "far"})
    EXPECT_TRUE(graph.calls_and_waits(Atom(name), 0)) << name;
  EXPECT_TRUE(graph.calls_and_waits(Atom("by_all"), 1));
  for (const auto* name : {"later", "tells", "nothing"})
    EXPECT_FALSE(graph.calls_and_waits(Atom(name), 0)) << name;
  std::string waiting;
  for (const WaitingFunction& each : graph.waiting_functions()) {
    waiting += each.function->name.name() + ":";
    for (const Atom server : each.servers)
      waiting += " " + server.name();
    waiting += "\n";
  }
  EXPECT_EQ(waiting, "kept: m\nby_helper: m\nstarts: m_sup\nfar:\n");
}

TEST(CallGraph, BearsDamagedCode) {
  const BeamFile whole("m.beam", loop_modules().at("comprehends/m"));
  const std::string code(whole.data(*whole.find("Code")));
  for (std::size_t size = 20; size < code.size(); ++size) {
    const BeamFile file("m.beam", form({atom_chunk({"m"}), {"Code", code.substr(0, size)}}));
    try {
      EXPECT_THAT(CallGraph(file).endless_loops(), IsEmpty());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_input);
    }
  }
}

}  // namespace
}  // namespace relup::beam
