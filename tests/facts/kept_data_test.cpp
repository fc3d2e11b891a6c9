// SPDX-License-Identifier: Apache-2.0
//
// What the compiled code of a module keeps, and where. All modules are without debug information.
#include "facts/kept_data.hpp"

#include <gtest/gtest.h>

#include "facts/function_cases.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::facts {
namespace {

// Expected: "its state: {item,3}", several joined by "; "
const std::vector<FunctionCase>& kept_cases() {
  static const std::vector<FunctionCase> cases{
      {"in_a_list",
       "handle_call(I, _, S) -> {reply, ok, S#{items := [#item{id = I} | maps:get(items, S)]}}.",
       "its state: {item,3}"},
      {"in_the_reply_only", "handle_call(I, _, S) -> {reply, #item{id = I}, S}.", ""},
      {"of_init", "init(_) -> {ok, #{first => #item{id = 0}}}.", "its state: {item,3}"},
      {"by_a_function",
       "handle_cast(I, S) -> {noreply, add(new(I), S)}.\n"
       "add(Item, S) -> [Item | S].\nnew(I) -> #item{id = I}.",
       "its state: {item,3}"},
      {"only_looked_at",
       "handle_cast(I, S) -> {noreply, add(#item{id = I}, S)}.\nadd(X, S) -> m:log(X), S.", ""},
      {"on_one_way",
       "handle_cast(I, S) -> case m:f(I) of true -> {noreply, [#item{id = I}]}; _ -> "
       "{noreply, S} end.",
       "its state: {item,3}"},
      {"behind_a_failure",
       "handle_cast(I, S) -> try m:f(I) of X -> {noreply, {item, X}} catch _:_ "
       "-> {noreply, S} end.",
       "its state: {item,2}"},
      {"sent_by_the_module",
       "add(I) -> gen_server:call(x, {add, #item{id = I}}).\n"
       "handle_call({add, Item}, _, S) -> {reply, ok, [Item | S]}.",
       "its state: {item,3}"},
      {"put_into_a_map", "handle_cast(I, S) -> {noreply, maps:put(I, #item{id = I}, S)}.",
       "its state: {item,3}"},
      {"mapped", "handle_cast(L, _) -> {noreply, lists:map(fun(I) -> #item{id = I} end, L)}.",
       "its state: {item,3}"},
      {"comprehended", "handle_cast(L, _) -> {noreply, [#item{id = I} || I <- L]}.",
       "its state: {item,3}"},
      {"in_a_table", "f(I) -> ets:insert(t, #item{id = I}).", "an ETS table: {item,3}"},
      {"in_a_table_by_another", "f(I) -> g(#item{id = I}).\ng(Row) -> ets:insert(t, Row).",
       "an ETS table: {item,3}"},
      {"in_mnesia", "f(I) -> mnesia:transaction(fun() -> mnesia:write(#item{id = I}) end).",
       "a Mnesia table: {item,3}"},
      {"in_the_dictionary", "f(I) -> put(k, #item{id = I}), ok.", "a process dictionary: {item,3}"},
      {"a_fun", "f(X) -> persistent_term:put(k, fun() -> X end).", "persistent_term: fun"},
      {"a_fun_by_name", "f() -> persistent_term:put(k, fun m:f/1).", "persistent_term: m:f/1"},
      {"a_call_to_make", "f(X) -> persistent_term:put(k, {m, f, [X]}).",
       "persistent_term: {m,3} m:f/1"},
      {"a_constant_call_to_make", "f() -> ets:insert(t, {k, {m, g, []}}).",
       "an ETS table: {k,2} {m,3} m:g/0"},
      {"no_call_to_make", "f(L) -> persistent_term:put(k, {m, f, L}).", "persistent_term: {m,3}"},
      {"looked_up_only", "f() -> [#item{id = I}] = ets:lookup(t, x), I.", ""},
      {"from_outside", "f(Row) -> ets:insert(t, Row).", ""},
      {"for_ever", "f(I) -> ets:insert(t, g(I)).\ng(0) -> #item{id = 0};\ng(N) -> g(N - 1).",
       "an ETS table: {item,3}"},
  };
  return cases;
}

std::string text_of(const KeptData& kept) {
  std::string text;
  for (const auto& [store, things] : kept) {
    text += (text.empty() ? "" : "; ") + std::string(describe(store)) + ":";
    for (const HeldThing& thing : things) {
      if (thing.kind == HeldThing::Kind::fun) text += " fun";
      if (thing.kind == HeldThing::Kind::function)
        text += " " + print_function(thing.module->name(), thing.name.name(), thing.size);
      if (thing.kind == HeldThing::Kind::structure) text += " %" + thing.name.name();
      if (thing.kind == HeldThing::Kind::tuple)
        text += " {" + print_atom(thing.name.name()) + "," + std::to_string(thing.size) + "}";
    }
  }
  return text;
}

class Kept : public ::testing::TestWithParam<FunctionCase> {};

TEST_P(Kept, IsWhatTheCodePutsThere) {
  static const auto modules =
      compile_cases(kept_cases(),
                    "-behaviour(gen_server).\n-compile(nowarn_undefined_behaviour).\n"
                    "-record(item, {id, price}).\n");
  const beam::BeamFile file("m.beam", modules.at(GetParam().name));
  const beam::ValueFlow code = beam::read_value_flow(file);
  EXPECT_TRUE(code.is_whole);
  EXPECT_EQ(text_of(kept_data(read_module_facts(file), code, {})), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(All, Kept, ::testing::ValuesIn(kept_cases()),
                         [](const auto& test) { return test.param.name; });

// However many values a function has, and at whichever of them the room for them grows.
TEST(Kept, IsToldOfManyUpdates) {
  std::string body = "f(S0, X) ->\n";
  for (int i = 0; i < 60; ++i) {
    body += "  S" + std::to_string(i + 1) + " = (m:g(S" + std::to_string(i) +
            "))#item{id = X, price = X},\n";
  }
  const auto modules = support::compile_modules(
      {{"x/m", "-module(m).\n-export([f/2]).\n-record(item, {id, price, a, b, c, d, e, g}).\n" +
                   body + "  ets:insert(t, {kept, S60}).\n"}});
  const beam::BeamFile file("m.beam", modules.at("x/m"));
  EXPECT_EQ(text_of(kept_data(read_module_facts(file), beam::read_value_flow(file), {})),
            "an ETS table: {kept,2}");
}

// What a function of another module makes is seen where that module is known.
TEST(Kept, IsFollowedIntoOtherModules) {
  const auto modules = support::compile_modules(
      {{"x/m", "-module(m).\n-export([f/1]).\nf(I) -> ets:insert(t, item:new(I)).\n"},
       {"x/item", "-module(item).\n-export([new/1]).\nnew(I) -> {item, I, 1}.\n"}});
  const beam::BeamFile file("m.beam", modules.at("x/m"));
  const beam::ValueFlow code = beam::read_value_flow(file);
  const beam::ValueFlow other =
      beam::read_value_flow(beam::BeamFile("item.beam", modules.at("x/item")));
  EXPECT_EQ(text_of(kept_data(read_module_facts(file), code,
                              [&](Atom name) { return name == "item" ? &other : nullptr; })),
            "an ETS table: {item,3}");
  EXPECT_EQ(text_of(kept_data(read_module_facts(file), code, {})), "");
}

TEST(Kept, ElixirStructsAreMapsWithTheirName) {
  const auto modules = support::compile_elixir({{"x", R"(
defmodule Item do
  defstruct [:id, price: 1]
end
defmodule Cart do
  use GenServer
  def init(_), do: {:ok, %{items: []}}
  def handle_call({:add, id}, _, s), do: {:reply, :ok, %{s | items: [%Item{id: id} | s.items]}}
end
)"}});
  const beam::BeamFile file("Cart.beam", modules.at("x/Elixir.Cart"));
  EXPECT_EQ(text_of(kept_data(read_module_facts(file), beam::read_value_flow(file), {})),
            "its state: %Elixir.Item");
}

}  // namespace
}  // namespace relup::facts
