// SPDX-License-Identifier: Apache-2.0
#include "beam/code/function_identity.hpp"

#include <gtest/gtest.h>

#include "support/compiled_modules.hpp"

namespace relup::beam {
namespace {

struct ReachedCase {
  const char* name;
  const char* functions;
  bool is_same;  // as that of the first case
};

const std::vector<ReachedCase>& reached_cases() {
  static const std::vector<ReachedCase> cases{
      {"first", "f(X) -> g([a, X]).\ng(X) -> fun() -> io:put_chars(X) end.\nother() -> 1.\n", true},
      {"moved_on", "\n\nf(X) -> g([a, X]).\ng(X) -> fun() -> io:put_chars(X) end.\n", true},
      {"behind_others",
       "other() -> {lists:seq(1, 9), {b, \"c\"}, fun() -> new end}.\nmore(1) -> 2;\nmore(2) -> 3.\n"
       "f(X) -> g([a, X]).\ng(X) -> fun() -> io:put_chars(X) end.\n",
       true},
      {"another_atom", "f(X) -> g([b, X]).\ng(X) -> fun() -> io:put_chars(X) end.\n", false},
      {"another_call", "f(X) -> g([a, X]).\ng(X) -> fun() -> io:format(X) end.\n", false},
      {"another_literal", "f(X) -> g([a, X | \"b\"]).\ng(X) -> fun() -> io:put_chars(X) end.\n",
       false},
      {"another_function",
       "f(X) -> h([a, X]).\ng(X) -> X.\nh(X) -> fun() -> io:put_chars(X) end.\n", false},
  };
  return cases;
}

std::string reached_in(const std::string& name) {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const ReachedCase& test : reached_cases()) {
      sources[std::string(test.name) + "/m"] =
          std::string("-module(m).\n-compile([export_all, nowarn_export_all]).\n") + test.functions;
    }
    return support::compile_modules(sources);
  }();
  return function_identity(BeamFile("m.beam", modules.at(name + "/m")), "f", 1);
}

class ReachedCode : public ::testing::TestWithParam<ReachedCase> {};

TEST_P(ReachedCode, IsWhatTheFunctionDoes) {
  EXPECT_EQ(reached_in(GetParam().name) == reached_in("first"), GetParam().is_same)
      << reached_in(GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(All, ReachedCode, ::testing::ValuesIn(reached_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(ReachedCode, SaysALongLiteralInAFewLetters) {
  const std::string text(5000, 'a');
  std::string calls;
  for (int i = 0; i < 100; ++i)
    calls += "io:put_chars(X, \"" + text + "\"), ";
  const auto identity = [](const std::string& body) {
    const auto modules = support::compile_modules(
        {{"x/m", "-module(m).\n-export([f/1]).\nf(X) -> " + body + "ok.\n"}});
    return function_identity(BeamFile("m.beam", modules.at("x/m")), "f", 1);
  };
  const std::string whole = identity(calls);
  EXPECT_LT(whole.size(), 50'000U);
  EXPECT_EQ(identity(calls), whole);
  calls.replace(calls.rfind('a'), 1, "b");
  EXPECT_NE(identity(calls), whole);
}

TEST(ReachedCode, OfNoFunctionIsEmpty) {
  const auto modules =
      support::compile_modules({{"x/m", "-module(m).\n-export([g/0]).\ng() -> 1.\n"}});
  EXPECT_EQ(function_identity(BeamFile("m.beam", modules.at("x/m")), "f", 1), "");
}

}  // namespace
}  // namespace relup::beam
