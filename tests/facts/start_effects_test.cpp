// SPDX-License-Identifier: Apache-2.0
#include "facts/start_effects.hpp"

#include <gtest/gtest.h>

#include "facts/function_cases.hpp"
#include "support/compiled_modules.hpp"

namespace relup::facts {
namespace {

const std::vector<FunctionCase>& effect_cases() {
  static const std::vector<FunctionCase> cases{
      {"none", "init(_) -> {ok, []}.", ""},
      {"a_table", "init(_) -> ets:new(prices, []), {ok, []}.", "makes the table prices"},
      {"a_table_of_a_function", "init(_) -> {ok, t()}.\nt() -> ets:new(prices, []).",
       "makes the table prices"},
      {"on_one_way", "init(X) -> case X of a -> register(boss, self()); _ -> ok end, {ok, []}.",
       "takes the name boss"},
      {"not_of_init",
       "init(_) -> {ok, []}.\nhandle_call(_, _, S) -> ets:new(t, []), {reply, S, S}.", ""},
      {"a_given_name", "start_link() -> gen_server:start_link({local, boss}, m, [], []).",
       "takes the name boss"},
      {"a_global_name", "start_link() -> gen_server:start_link({global, boss}, m, [], []).",
       "takes the name {global,boss}"},
      {"a_flag", "init(_) -> process_flag(trap_exit, true), {ok, []}.", "sets the flag trap_exit"},
      {"a_group", "init(_) -> pg:join(scope, {g, 1}, self()), {ok, []}.", "joins the group {g,1}"},
      {"a_timer", "init(X) -> erlang:send_after(9, self(), {tick, X}), {ok, []}.",
       "starts a timer with the message {tick,_}"},
      {"an_unknown_name", "init(X) -> register(X, self()), {ok, []}.", "takes the name"},
  };
  return cases;
}

class Effects : public ::testing::TestWithParam<FunctionCase> {};

TEST_P(Effects, AreThoseOfAStart) {
  static const auto modules = compile_cases(effect_cases());
  const beam::BeamFile file("m.beam", modules.at(GetParam().name));
  std::string text;
  for (const StartEffect& effect : start_effects(beam::read_value_flow(file)))
    text += (text.empty() ? "" : "; ") + describe(effect);
  EXPECT_EQ(text, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(All, Effects, ::testing::ValuesIn(effect_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(Effects, ElixirGivesANameByAnOption) {
  const auto modules = support::compile_elixir({{"x", R"(
defmodule Till do
  use GenServer
  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)
  def init(_), do: {:ok, []}
end
)"}});
  const StartEffects effects =
      start_effects(beam::read_value_flow({"Till.beam", modules.at("x/Elixir.Till")}));
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(describe(*effects.begin()), "takes the name 'Elixir.Till'");
}

}  // namespace
}  // namespace relup::facts
