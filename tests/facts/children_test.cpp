// SPDX-License-Identifier: Apache-2.0
//
// Child lists as they stand in compiled supervisors.
#include "facts/children.hpp"

#include <gmock/gmock.h>

#include "beam/source/recovered_source.hpp"
#include "facts/init_effects.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::facts {
namespace {

using ::testing::ElementsAre;

struct ChildrenCase {
  const char* name;
  const char* functions;
  const char* children;  // "SUPERVISOR: IDS", or "" for none
};

std::string text_of(const std::optional<Children>& children) {
  if (!children) return "";
  std::string text = (children->supervisor ? print(*children->supervisor) : "?") + ":";
  for (const Child& child : children->list)
    text += " " + print(child.id) + (child.specification ? "!" : "");
  return text;
}

const std::vector<ChildrenCase>& erlang_cases() {
  static const std::vector<ChildrenCase> cases{
      {"maps", "init(_) -> {ok, {#{}, [#{id => a, start => {a, start_link, []}}]}}.", "?: a!"},
      {"tuples",
       "init(_) -> {ok, {{one_for_one, 1, 5}, [{a, {a, go, []}, permanent, 1, worker, []}]}}.",
       "?: a!"},
      {"named",
       "start_link() -> supervisor:start_link({local, boss}, ?MODULE, []).\n"
       "init(_) -> {ok, {#{}, []}}.",
       "boss:"},
      {"global",
       "start_link(X) -> supervisor:start_link({global, {boss, 1}}, ?MODULE, X).\n"
       "init(_) -> {ok, {#{}, []}}.",
       "{global,{boss,1}}:"},
      {"variables", "init(_) -> A = #{id => {a, 1}, start => 1}, L = [A], R = {#{}, L}, {ok, R}.",
       "?: {a,1}!"},
      {"functions",
       "init(X) -> {ok, {#{}, [child(X), b()]}}.\n"
       "child(X) -> #{id => a, start => {a, go, [X]}}.\nb() -> #{id => b}.",
       "?: a b!"},
      {"sums", "init(_) -> {ok, {#{}, [#{id => a}] ++ more()}}.\nmore() -> [#{id => b}].",
       "?: a! b!"},
      {"appended",
       "init(_) -> {ok, {#{}, lists:append([#{id => a}], more())}}.\nmore() -> [#{id => b}].",
       "?: a! b!"},
      {"a_pair_of_a_function",
       "init(_) -> {ok, specification()}.\nspecification() -> L = [#{id => a}], {#{}, L ++ L}.",
       "?: a! a!"},
      {"an_endless_sum", "init(X) -> {ok, {#{}, f(X)}}.\nf(N) -> [{k, N}] ++ f(N - 1).", ""},
      {"an_endless_sum_of_two",
       "init(X) -> {ok, {#{}, f(X)}}.\nf(N) -> [#{id => a}] ++ g(N).\ng(N) -> [#{id => b}] ++ "
       "f(N).",
       ""},
      {"an_endless_sum_to_the_left",
       "init(X) -> {ok, {#{}, f(X)}}.\nf(N) -> L = [#{id => a}], f(N - 1) ++ L.", ""},
      {"simple", "init(_) -> {ok, {#{strategy => simple_one_for_one}, [#{id => a}]}}.", ""},
      {"simple_in_a_tuple", "init(_) -> F = {simple_one_for_one, 1, 5}, {ok, {F, [#{id => a}]}}.",
       ""},
      {"computed", "init(X) -> {ok, {#{}, [#{id => I} || I <- X]}}.", ""},
      {"with_a_tail", "init(X) -> {ok, {#{}, [#{id => a} | X]}}.", ""},
      {"two_ways", "init(1) -> {ok, {#{}, []}};\ninit(_) -> {ok, {#{}, [#{id => a}]}}.", ""},
      {"an_unknown_id", "init(X) -> {ok, {#{}, [#{id => X}]}}.", ""},
      {"ignored", "init(_) -> ignore.", ""},
  };
  return cases;
}

beam::BeamFile erlang_module(const std::string& name) {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const ChildrenCase& test : erlang_cases()) {
      sources[std::string(test.name) + "/m"] =
          "-module(m).\n-compile([debug_info, export_all, nowarn_export_all]).\n" +
          std::string(test.functions) + "\n";
    }
    sources["effects/m"] =
        "-module(m).\n-compile([debug_info, export_all, nowarn_export_all]).\n"
        "init(X) -> ets:new(t, []), self() ! X, name(X), {ok, {#{}, []}}.\n"
        "name(X) -> case X of 1 -> register(boss, self()); _ -> name(1) end.\n"
        "other() -> gen_tcp:listen(0, []).\n";
    return support::compile_modules(sources);
  }();
  return {"m.beam", modules.at(name + "/m")};
}

std::optional<beam::SourceCode> erlang_code(const std::string& name) {
  return beam::read_source_code(erlang_module(name));
}

class ErlangChildren : public ::testing::TestWithParam<ChildrenCase> {};

TEST_P(ErlangChildren, AreThoseThatInitLists) {
  EXPECT_EQ(text_of(children_of(erlang_code(GetParam().name).value()).answer), GetParam().children);
}

// All that a stripped module has.
TEST_P(ErlangChildren, AreToldByTheInstructionsAsWell) {
  const beam::SourceCode code = beam::recover_source(erlang_module(GetParam().name));
  EXPECT_EQ(text_of(children_of(code).answer), GetParam().children);
}

INSTANTIATE_TEST_SUITE_P(All, ErlangChildren, ::testing::ValuesIn(erlang_cases()),
                         [](const auto& test) { return test.param.name; });

const std::string elixir = R"(
defmodule Shop.Boss do
  use Supervisor
  def start_link(arg), do: Supervisor.start_link(__MODULE__, arg, name: __MODULE__)
  def init(arg) do
    children = [
      Shop.Cart,
      {Shop.Till, [port: 1]},
      {Registry, keys: :unique, name: Shop.Names},
      {DynamicSupervisor, name: Shop.Carts, strategy: :one_for_one},
      Supervisor.child_spec({Shop.Cart, arg}, id: :second),
      %{id: :third, start: {Shop.Cart, :start_link, [arg]}}
    ]
    Supervisor.init(children, strategy: :one_for_one)
  end
end
defmodule Shop.Application do
  use Application
  def start(_type, _args) do
    children = [{Shop.Boss, []}, {Shop.Till, [port: 2]}]
    Supervisor.start_link(children, strategy: :one_for_one, name: Shop.Supervisor)
  end
end
defmodule Shop.Open do
  use DynamicSupervisor
  def init(_), do: DynamicSupervisor.init(strategy: :one_for_one)
end
)";

// Also as all that a stripped module has tells them.
std::string elixir_children(const std::string& module) {
  static const auto modules = support::compile_elixir({{"shop", elixir}});
  const beam::BeamFile file(module, modules.at("shop/Elixir." + module));
  const std::string children = text_of(children_of(beam::read_source_code(file).value()).answer);
  EXPECT_EQ(text_of(children_of(beam::recover_source(file)).answer), children);
  return children;
}

TEST(ElixirChildren, AreThoseThatInitLists) {
  EXPECT_EQ(elixir_children("Shop.Boss"),
            "'Elixir.Shop.Boss': 'Elixir.Shop.Cart'! 'Elixir.Shop.Till'! 'Elixir.Shop.Names'! "
            "'Elixir.Shop.Carts'! second third");
}

TEST(ElixirChildren, OrThoseOfTheApplication) {
  EXPECT_EQ(elixir_children("Shop.Application"),
            "'Elixir.Shop.Supervisor': 'Elixir.Shop.Boss'! 'Elixir.Shop.Till'!");
}

TEST(ElixirChildren, ADynamicSupervisorListsNone) {
  EXPECT_EQ(elixir_children("Shop.Open"), "");
}

TEST(CompareChildren, GoesByIds) {
  const auto child = [](const char* id) { return Child{Term::atom(id), std::nullopt}; };
  const Children before{Children::Source::init, {child("a"), child("b")}, Term::atom("boss")};
  Children after = before;
  EXPECT_FALSE(compare_children(before, after));
  after.list = {child("b"), child("c")};
  const auto change = compare_children(before, after);
  ASSERT_TRUE(change);
  EXPECT_EQ(print(change->added.at(0).id), "c");
  EXPECT_EQ(print(change->removed.at(0).id), "a");
  EXPECT_EQ(print(*change->supervisor), "boss");
}

TEST(InitEffects, AreWhatASecondCallWouldFind) {
  EXPECT_THAT(side_effects_of_init(erlang_code("effects").value()),
              ElementsAre("erlang:register/2", "ets:new/2"));
  EXPECT_THAT(side_effects_of_init(erlang_code("maps").value()), ::testing::IsEmpty());
}

// As "STARTER[MODULES]" of each child.
TEST(Children, NameTheModulesOfTheirProcesses) {
  const auto modules = support::compile_modules({{"x/sup", R"(-module(sup).
-compile(debug_info).
-export([init/1]).
init(X) ->
    {ok, {#{}, [#{id => a, start => {ma, go, [X]}},
                #{id => b, start => {mb, go, [X]}, modules => [mc, md]},
                #{id => c, start => {mc, go, [X]}, modules => dynamic},
                {d, {md, go, [X]}, permanent, 1, worker, [me]},
                {e, X, permanent, 1, worker, [me]}]}}.
)"}});
  const auto source = beam::read_source_code(beam::BeamFile("sup.beam", modules.at("x/sup")));
  std::string text;
  const auto children = children_of(*source).answer;
  ASSERT_TRUE(children);
  for (const Child& child : children->list) {
    text += child.starter ? child.starter->name() : "?";
    text += "[";
    for (const Atom module : child.modules.value_or(std::vector<Atom>{Atom("?")}))
      text += module.name();
    text += "] ";
  }
  EXPECT_EQ(text, "ma[ma] mb[mcmd] mc[?] md[me] ?[?] ");
}

}  // namespace
}  // namespace relup::facts
