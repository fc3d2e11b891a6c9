// SPDX-License-Identifier: Apache-2.0
#include "facts/child_process.hpp"

#include <gtest/gtest.h>

#include "support/compiled_modules.hpp"

namespace relup::facts {
namespace {

struct ProcessCase {
  const char* name;
  const char* start;  // start_link/0 of m
  const char* process;
};

const std::vector<ProcessCase>& process_cases() {
  static const std::vector<ProcessCase> cases{
      {"a_server", "gen_server:start_link({local, m}, ?MODULE, [], []).", "server m"},
      {"an_unnamed_server", "gen_server:start_link(?MODULE, [], []).", "server m"},
      {"a_state_machine", "gen_statem:start_link({local, m}, other, [], []).", "server other"},
      {"a_supervisor", "supervisor:start_link({local, m}, m_sup, []).", "supervisor m_sup"},
      {"a_manager", "gen_event:start_link({local, m}).", "manager"},
      {"a_function_between", "go(here).\ngo(X) -> gen_server:start_link({local, X}, m, [], []).",
       "server m"},
      {"a_module_between", "far:start_link().", "server far"},
      {"a_pid_of_an_answer",
       "{ok, P} = gen_server:start_link(m, [], []), register(boss, P), {ok, P}.", "server m"},
      {"an_answer_or_an_error",
       "case get(x) of undefined -> ignore; 1 -> {error, one}; _ -> "
       "gen_server:start_link(m, [], []) end.",
       "server m"},
      {"two_modules", "M = case get(x) of 1 -> a; _ -> b end, gen_server:start_link(M, [], []).",
       "server"},
      {"two_kinds",
       "case get(x) of 1 -> gen_server:start_link(m, [], []); _ -> "
       "supervisor:start_link(m, []) end.",
       ""},
      {"a_plain_process", "{ok, spawn_link(fun() -> receive stop -> ok end end)}.", ""},
      {"a_special_process", "proc_lib:start_link(m, loop, [self()]).", ""},
      {"one_in_a_circle", "ring:start_link().", ""},
  };
  return cases;
}

std::string text_of(const std::optional<ChildProcess>& process) {
  if (!process) return "";
  using Kind = ChildProcess::Kind;
  const std::string kind = process->kind == Kind::supervisor      ? "supervisor"
                           : process->kind == Kind::event_manager ? "manager"
                                                                  : "server";
  return kind + (process->callback ? " " + process->callback->name() : "");
}

class StartedProcess : public ::testing::TestWithParam<ProcessCase> {};

TEST_P(StartedProcess, IsToldByItsStartFunction) {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const ProcessCase& test : process_cases()) {
      sources[std::string(test.name) + "/m"] =
          "-module(m).\n-compile([export_all, nowarn_export_all]).\nstart_link() -> " +
          std::string(test.start) + "\n";
    }
    sources["x/far"] =
        "-module(far).\n-export([start_link/0]).\n"
        "start_link() -> gen_server:start_link(?MODULE, [], []).\n";
    sources["x/ring"] =
        "-module(ring).\n-export([start_link/0]).\nstart_link() -> m:start_link().\n";
    return support::compile_modules(sources);
  }();
  std::map<Atom, beam::ValueFlow> flows;
  for (const auto& [path, name] :
       {std::pair(std::string(GetParam().name) + "/m", "m"), std::pair(std::string("x/far"), "far"),
        std::pair(std::string("x/ring"), "ring")}) {
    flows.emplace(Atom(name), beam::read_value_flow(beam::BeamFile(path, modules.at(path))));
  }
  const auto find = [&](Atom module) {
    const auto found = flows.find(module);
    return found == flows.end() ? nullptr : &found->second;
  };
  EXPECT_EQ(text_of(process_started_by(find, Atom("m"), Atom("start_link"), 0)),
            GetParam().process);
}

INSTANTIATE_TEST_SUITE_P(All, StartedProcess, ::testing::ValuesIn(process_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(StartedProcess, MayTakeWhatItsCodeLooksFor) {
  const auto modules =
      support::compile_modules({{"x/m",
                                 "-module(m).\n-export([handle_call/3, handle_info/2]).\n"
                                 "handle_call(which_children, _, S) -> {reply, [], S}.\n"
                                 "handle_info({get_modules, _}, S) -> {noreply, S}.\n"}});
  const beam::ValueFlow flow = beam::read_value_flow(beam::BeamFile("m.beam", modules.at("x/m")));
  EXPECT_TRUE(may_take(flow, "which_children"));
  EXPECT_TRUE(may_take(flow, "get_modules"));
  EXPECT_FALSE(may_take(flow, "count_children"));
}

}  // namespace
}  // namespace relup::facts
