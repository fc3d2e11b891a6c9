// SPDX-License-Identifier: Apache-2.0
//
// The functions that code names for later. All modules are without debug information.
#include "facts/named_functions.hpp"

#include <gtest/gtest.h>

#include "facts/function_cases.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::facts {
namespace {

// Expected: "timer m:tick/0 by timer:apply_after/4 in f/1", several joined by "; "
const std::vector<FunctionCase>& name_cases() {
  static const std::vector<FunctionCase> cases{
      {"interval", "f() -> timer:apply_interval(10, m, tick, []).",
       "timer m:tick/0 by timer:apply_interval/4 in f/0"},
      {"with_arguments", "f(X) -> timer:apply_after(10, o, tick, [X, 1]).",
       "timer o:tick/2 by timer:apply_after/4 in f/1"},
      {"with_a_list_of_unknown_length", "f(L) -> timer:apply_after(10, o, tick, L).",
       "timer o:tick/_ by timer:apply_after/4 in f/1"},
      {"with_a_fun_of_another", "f() -> timer:apply_interval(10, fun o:tick/0).",
       "timer o:tick/0 by timer:apply_interval/2 in f/0"},
      {"with_its_own_fun", "f() -> timer:apply_interval(10, fun() -> ok end).", ""},
      {"with_a_variable", "f(M) -> timer:apply_interval(10, M, tick, []).", ""},
      {"hibernates", "f(S) -> proc_lib:hibernate(m, loop, [S]).",
       "hibernation m:loop/1 by proc_lib:hibernate/3 in f/1"},
      {"hibernates_by_itself", "f(S) -> erlang:hibernate(m, loop, [S]).",
       "hibernation m:loop/1 by erlang:hibernate/3 in f/1"},
      {"spawns", "f(S) -> spawn_link(m, loop, [S]).",
       "spawn m:loop/1 by erlang:spawn_link/3 in f/1"},
      {"sends_later", "f() -> timer:send_interval(10, {m, tick, []}).", ""},
      {"loops_by_its_name", "f(S) -> receive X -> m:f([X | S]) end.", "loop m:f/1 in f/1"},
      {"loops_by_another", "f(S) -> receive X -> g([X | S]) end.\ng(S) -> o:x(), m:f(S).",
       "loop m:f/1 in f/1"},
      {"loops_by_itself", "f(S) -> receive X -> f([X | S]) end.", ""},
      {"calls_its_own_name", "f() -> m:g().\ng() -> ok.", ""},
  };
  return cases;
}

std::string text_of(const NamedFunction& each) {
  const char* const by[] = {"timer", "hibernation", "spawn", "loop"};
  return std::string(by[static_cast<int>(each.by)]) + " " + each.module.name() + ":" +
         each.function.name() + "/" + (each.arity ? std::to_string(*each.arity) : "_") +
         (each.call.empty() ? "" : " by " + each.call) + " in " + each.place.name.name() + "/" +
         std::to_string(each.place.arity);
}

class Named : public ::testing::TestWithParam<FunctionCase> {};

TEST_P(Named, IsWhatTheCodeNamesForLater) {
  static const auto modules = compile_cases(name_cases());
  const beam::BeamFile file("m.beam", modules.at(GetParam().name));
  std::string text;
  for (const NamedFunction& each : named_functions(beam::read_value_flow(file)))
    text += (text.empty() ? "" : "; ") + text_of(each);
  EXPECT_EQ(text, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(All, Named, ::testing::ValuesIn(name_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(Named, IsReadInElixirToo) {
  const auto modules = support::compile_elixir({{"x", R"(
defmodule Clock do
  def start, do: :timer.apply_interval(10, Clock, :tick, [1])
  def tick(n), do: n
end
)"}});
  const beam::BeamFile file("Clock.beam", modules.at("x/Elixir.Clock"));
  const auto named = named_functions(beam::read_value_flow(file));
  ASSERT_EQ(named.size(), 1U);
  EXPECT_EQ(text_of(named[0]), "timer Elixir.Clock:tick/1 by timer:apply_interval/4 in start/0");
}

}  // namespace
}  // namespace relup::facts
