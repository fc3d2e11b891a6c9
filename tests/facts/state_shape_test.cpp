// SPDX-License-Identifier: Apache-2.0
#include "facts/state_shape.hpp"

#include <gmock/gmock.h>

#include "beam/source/struct_fields.hpp"
#include "support/compiled_modules.hpp"

namespace relup::facts {
namespace {

using ::testing::ElementsAre;

struct ShapeCase {
  const char* name;
  const char* functions;  // init/1 and what it calls
  const char* shape;      // "" for none
};

std::string text_of(const std::optional<StateShape>& shape) {
  if (!shape) return "";
  std::string text = describe(*shape);
  for (const std::string& field : shape->fields)
    text += " " + field;
  return text;
}

const std::vector<ShapeCase>& erlang_cases() {
  static const std::vector<ShapeCase> cases{
      {"record", "init(X) -> {ok, #state{a = X}}.", "record state a b"},
      {"with_a_timeout", "init(_) -> {ok, #state{}, 100}.", "record state a b"},
      {"bound_before", "init(X) -> S = #state{a = X}, self() ! go, {ok, S}.", "record state a b"},
      {"bound_twice", "init(X) -> S = #state{}, T = S#state{a = X}, {ok, T}.", "record state a b"},
      {"typed_record", "init(X) -> {ok, #typed{c = X}}.", "record typed c d"},
      {"by_a_function", "init(X) -> {ok, new(X)}.\nnew(X) -> #state{a = X}.", "record state a b"},
      {"all_by_a_function", "init(X) -> start(X).\nstart(_) -> {ok, #state{}}.",
       "record state a b"},
      {"a_choice", "init(X) -> case X of 1 -> {ok, #state{}}; _ -> {stop, no} end.",
       "record state a b"},
      {"two_choices", "init(X) -> S = case X of 1 -> #state{}; _ -> #state{a = 1} end, {ok, S}.",
       "record state a b"},
      {"two_answers", "init(1) -> {ok, #state{}};\ninit(_) -> {ok, #typed{}}.", ""},
      {"one_unknown", "init(1) -> {ok, #state{}};\ninit(X) -> {ok, X}.", ""},
      {"map", "init(_) -> {ok, #{b => 1, a => 2}}.", "a map a b"},
      {"map_of_other_keys", "init(X) -> {ok, #{X => 1, a => 2}}.", ""},
      {"an_updated_map", "init(X) -> {ok, X#{a => 2}}.", ""},
      {"the_argument", "init(X) -> {ok, X}.", ""},
      {"endless", "init(X) -> init(X).", ""},
      {"endless_but_for_one",
       "init(X) -> loop(X).\nloop(0) -> {ok, #state{}};\nloop(X) -> loop(X - 1).",
       "record state a b"},
      {"no_process", "other() -> ok.", ""},
  };
  return cases;
}

std::optional<StateShape> erlang_shape(const std::string& name, std::size_t position) {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const ShapeCase& test : erlang_cases()) {
      sources[std::string(test.name) + "/m"] =
          "-module(m).\n-compile([debug_info, export_all, nowarn_export_all]).\n"
          "-record(state, {a, b = 1}).\n-record(typed, {c :: term(), d = 2 :: integer()}).\n" +
          std::string(test.functions) + "\nuse() -> {#typed{}, #state{}}.\n";
    }
    return support::compile_modules(sources);
  }();
  const auto code = beam::read_source_code(beam::BeamFile("m.beam", modules.at(name + "/m")));
  return state_shape(code.value(), position).answer;
}

class ErlangState : public ::testing::TestWithParam<ShapeCase> {};

TEST_P(ErlangState, IsWhatInitReturns) {
  EXPECT_EQ(text_of(erlang_shape(GetParam().name, 1)), GetParam().shape);
}

INSTANTIATE_TEST_SUITE_P(All, ErlangState, ::testing::ValuesIn(erlang_cases()),
                         [](const auto& test) { return test.param.name; });

const std::string elixir = R"(
defmodule Shop.Cart do
  defstruct [:items, total: 0]
  use GenServer
  def init(items) do
    state = %__MODULE__{items: items}
    {:ok, state, 5000}
  end
end
defmodule Shop.Keys do
  use GenServer
  def init(_), do: {:ok, %{b: 1, a: 2}}
end
defmodule Shop.Choice do
  use GenServer
  def init(x) do
    case x do
      1 -> {:ok, %{base() | total: 2}}
      _ -> {:ok, base()}
    end
  end
  defp base, do: %Shop.Cart{items: []}
end
defmodule Shop.Plain do
  use GenServer
  def init(x), do: {:ok, x}
end
)";

const std::map<std::string, std::string>& elixir_modules() {
  static const auto modules = support::compile_elixir({{"shop", elixir}});
  return modules;
}

std::optional<beam::SourceCode> elixir_code(const std::string& module) {
  return beam::read_source_code(
      beam::BeamFile(module, elixir_modules().at("shop/Elixir." + module)));
}

std::string elixir_shape(const std::string& module) {
  return text_of(state_shape(elixir_code(module).value(), 1).answer);
}

TEST(ElixirState, IsWhatInitReturns) {
  EXPECT_EQ(elixir_shape("Shop.Cart"), "struct Elixir.Shop.Cart");
  EXPECT_EQ(elixir_shape("Shop.Keys"), "a map a b");
  EXPECT_EQ(elixir_shape("Shop.Choice"), "");
  EXPECT_EQ(elixir_shape("Shop.Plain"), "");
}

TEST(ElixirState, AStructHasItsFieldsInItsOwnModule) {
  const auto fields = [](const std::string& module) {
    return beam::struct_fields(
        beam::BeamFile(module, elixir_modules().at("shop/Elixir." + module)));
  };
  EXPECT_THAT(fields("Shop.Cart").value(), ElementsAre("items", "total"));
  EXPECT_FALSE(fields("Shop.Keys"));
}

TEST(CompareShapes, NamesTheFieldsThatCameAndWent) {
  const StateShape before{StateShape::Kind::record, "state", {"a", "b"}};
  StateShape after = before;
  EXPECT_FALSE(compare_shapes(before, after));
  after.fields = {"b", "c"};
  const auto change = compare_shapes(before, after);
  EXPECT_THAT(change->added, ElementsAre("c"));
  EXPECT_THAT(change->removed, ElementsAre("a"));
}

}  // namespace
}  // namespace relup::facts
