// SPDX-License-Identifier: Apache-2.0
//
// Modules that nobody would write, but that compile: they must not cost more than a fixed amount of
// time, memory and stack, and what could not be told must be said.
#include "facts/evaluator.hpp"

#include <gtest/gtest.h>

#include "beam/source/recovered_source.hpp"
#include "facts/children.hpp"
#include "facts/state_shape.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::facts {
namespace {

using beam::Extent;

std::string number(int value) {
  return std::to_string(value);
}

// Functions f1 to fCOUNT of so many clauses, each of which calls the next function; those of the
// last one answer.
std::string broad(int count, int clauses) {
  std::string text = "init(X) -> f1(X).\n";
  for (int i = 1; i <= count; ++i) {
    for (int j = 1; j <= clauses; ++j) {
      const std::string answer = i == count ? "{ok, {state, " + number(j) + "}}"
                                            : "f" + number(i + 1) + "(" + number(j) + ")";
      text += "f" + number(i) + "(" + number(j) + ") -> " + answer + (j == clauses ? ".\n" : ";\n");
    }
  }
  return text;
}

// x40() answers a term of 2^40 atoms.
std::string doubling() {
  std::string text = "init(_) -> {ok, {#{}, [#{id => x40(), start => {a, b, []}}]}}.\nx0() -> a.\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string half = "x" + number(i - 1) + "()";
    text += "x" + number(i) + "() -> {" + half + ", " + half + "}.\n";
  }
  return text;
}

// Forty lists, each of which is the one before, twice.
std::string doubling_sum() {
  std::string text = "init(_) -> {ok, {#{}, x40()}}.\nx0() -> [#{id => a}].\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string half = "x" + number(i - 1) + "()";
    text += "x" + number(i) + "() -> " + half + " ++ " + half + ".\n";
  }
  return text;
}

std::string repeated(const std::string& text, int times) {
  std::string whole;
  for (int i = 0; i < times; ++i)
    whole += text;
  return whole;
}

std::string nested(const std::string& begin, const std::string& end, int depth) {
  return "init(X) -> {ok, {#{}, [#{id => " + repeated(begin, depth) + "X" + repeated(end, depth) +
         "}]}}.\ng(X) -> X.\n";
}

std::string long_list(int length) {
  return "init(X) -> {ok, {#{}, [" + repeated("X, ", length) + "X]}}.\n";
}

const beam::BeamFile& module(const std::string& name) {
  static const auto files = [] {
    const support::ModuleSources functions{
        {"broad", broad(6, 40)},
        {"broader", broad(12, 40)},
        {"doubling", doubling()},
        {"doubling_sum", doubling_sum()},
        {"deep_tuples", nested("{", "}", 2'500)},
        {"deep_lists", nested("[", "]", 2'500)},
        {"deep_calls", nested("g(", ")", 2'500)},
        {"less_deep_tuples", nested("{", "}", 600)},
        {"long_list", long_list(5'000)},
        {"endless", "init(X) -> init(X).\n"},
        {"mutual", "init(X) -> f(X).\nf(X) -> g(X).\ng(1) -> {ok, one};\ng(X) -> f(X).\n"},
        {"two_ways", "init(X) -> f(X).\nf(1) -> g();\nf(_) -> g().\ng() -> {ok, one}.\n"},
        {"endless_term", "init(X) -> {ok, {#{}, [#{id => f(X)}]}}.\nf(X) -> {f(X), f(X)}.\n"},
        {"a_fun_far_inside",
         "init(X) -> {ok, {a, [#{b => h(X)}]}}.\nh(X) -> A = {{{{{{{{X}}}}}}}}, {A, k(X)}.\n"
         "k(1) -> {{{{{{{fun k/1}}}}}}};\nk(X) -> h(X).\n"},
    };
    support::ModuleSources sources;
    for (const auto& [label, text] : functions)
      sources[label + "/m"] =
          "-module(m).\n-compile([debug_info, export_all, nowarn_export_all]).\n" + text;
    std::map<std::string, beam::BeamFile> made;
    for (const auto& [key, bytes] : support::compile_modules(sources))
      made.emplace(key.substr(0, key.find('/')), beam::BeamFile("m.beam", bytes));
    return made;
  }();
  return files.at(name);
}

beam::SourceCode code_of(const std::string& name) {
  return beam::read_source_code(module(name)).value();
}

std::size_t count_of_results(const beam::SourceCode& code) {
  Evaluator evaluator(code);
  const auto results = evaluator.results_of(*code.find("init", 1));
  EXPECT_FALSE(evaluator.is_exhausted());
  return results.size();
}

TEST(Evaluator, TakesNoLongerForManyClausesThatCallMany) {
  EXPECT_EQ(count_of_results(code_of("broad")), 40U);
  EXPECT_EQ(count_of_results(code_of("broader")), 40U);
}

TEST(Evaluator, RecursionAddsNoValue) {
  EXPECT_EQ(count_of_results(code_of("endless")), 0U);
  EXPECT_EQ(count_of_results(code_of("mutual")), 1U);
  EXPECT_EQ(count_of_results(beam::recover_source(module("endless"))), 0U);
  EXPECT_EQ(count_of_results(code_of("two_ways")), 1U);
}

class TooLarge : public ::testing::TestWithParam<const char*> {};

TEST_P(TooLarge, IsAnAnswerToo) {
  const Reading<Children> children = children_of(code_of(GetParam()));
  EXPECT_FALSE(children.answer);
  EXPECT_TRUE(children.is_too_large);
}

TEST_P(TooLarge, AlsoWithoutDebugInformation) {
  const Reading<Children> children = children_of(beam::recover_source(module(GetParam())));
  EXPECT_FALSE(children.answer);
  EXPECT_TRUE(children.is_too_large);
}

INSTANTIATE_TEST_SUITE_P(All, TooLarge, ::testing::Values("doubling", "doubling_sum"),
                         [](const auto& test) { return test.param; });

TEST(Evaluator, DoesNotFollowATermThatHasNoEnd) {
  EXPECT_TRUE(children_of(code_of("endless_term")).is_too_large);
  EXPECT_FALSE(children_of(beam::recover_source(module("endless_term"))).answer);
}

class TooDeep : public ::testing::TestWithParam<const char*> {};

TEST_P(TooDeep, IsNotRead) {
  const beam::SourceCode code = code_of(GetParam());
  EXPECT_EQ(code.extent(), Extent::whole);
  EXPECT_FALSE(children_of(code).answer);
  EXPECT_FALSE(state_shape(code, 1).answer);
  EXPECT_EQ(code.extent(), Extent::part);
}

// A shorter stack of instructions leads to them, or none that is followed.
TEST_P(TooDeep, IsNoMatterOfTheInstructions) {
  const beam::SourceCode code = beam::recover_source(module(GetParam()));
  EXPECT_FALSE(children_of(code).answer);
  EXPECT_FALSE(children_of(code).is_too_large);
}

INSTANTIATE_TEST_SUITE_P(All, TooDeep,
                         ::testing::Values("deep_tuples", "deep_lists", "deep_calls",
                                           "less_deep_tuples", "long_list"),
                         [](const auto& test) { return test.param; });

TEST(Evaluator, LooksForWhatAValueHoldsAtAnyDepth) {
  const auto holds = [](const std::string& name, const char* fun) {
    const beam::SourceCode code = code_of(name);
    Evaluator evaluator(code);
    const auto results = evaluator.results_of(*code.find("init", 1));
    return evaluator.may_hold(results.at(0), [fun](const beam::Expression& expression) {
      return expression.form.is_tagged(fun, 3);
    });
  };
  EXPECT_TRUE(holds("a_fun_far_inside", "fun"));
  EXPECT_FALSE(holds("a_fun_far_inside", "named_fun"));
  EXPECT_FALSE(holds("endless_term", "fun"));
}

const std::string elixir = R"(
defmodule Rebound do
  use Supervisor
  def init(_) do
    children = [A]
    children = children ++ [B]
    children = Enum.concat(children, [{C, []} | more()])
    Supervisor.init(children, strategy: :one_for_one)
  end
  defp more do
    child = {D, []}
    child = Supervisor.child_spec(child, id: :d)
    [child]
  end
end
defmodule Rebound.InAPattern do
  use Supervisor
  def init(x) do
    children = [A]
    {children, _} = x.(children)
    Supervisor.init(children, strategy: :one_for_one)
  end
end
defmodule Rebound.InABranch do
  use Supervisor
  def init(x) do
    children = [A]
    if x do
      children = [B | children]
      IO.inspect(children)
    end
    Supervisor.init(children, strategy: :one_for_one)
  end
end
defmodule Rebound.AtOnce do
  use Supervisor
  def init(_) do
    children = others = [A]
    children = children ++ others
    Supervisor.init(children, strategy: :one_for_one)
  end
end
)";

std::string ids_in(const std::string& name) {
  static const auto modules = support::compile_elixir({{"x", elixir}});
  const beam::BeamFile file(name, modules.at("x/Elixir." + name));
  const auto children = children_of(beam::read_source_code(file).value());
  EXPECT_FALSE(children.is_too_large);
  if (!children.answer) return "none";
  std::string text;
  for (const Child& child : children.answer->list)
    text += print(child.id) + " ";
  return text;
}

TEST(Evaluator, KeepsTheVersionsOfAnElixirVariableApart) {
  EXPECT_EQ(ids_in("Rebound"), "'Elixir.A' 'Elixir.B' 'Elixir.C' d ");
  EXPECT_EQ(ids_in("Rebound.InAPattern"), "none");
  EXPECT_EQ(ids_in("Rebound.InABranch"), "'Elixir.A' ");
  EXPECT_EQ(ids_in("Rebound.AtOnce"), "'Elixir.A' 'Elixir.A' ");
}

}  // namespace
}  // namespace relup::facts
