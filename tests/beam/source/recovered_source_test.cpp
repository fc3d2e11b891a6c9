// SPDX-License-Identifier: Apache-2.0
//
// What a function without a choice answers, as its instructions tell. tests/diff/children_test.cpp
// has the same asked of supervisors.
#include "beam/source/recovered_source.hpp"

#include <gtest/gtest.h>

#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::beam {
namespace {

using Kind = Expression::Kind;

// `_` for what is not seen through; several parts of a body are joined by `;`.
std::string text_of(const Expression& expression) {
  if (expression.kind == Kind::literal) return print(expression.value);
  if (expression.kind == Kind::other) return "_";
  std::string text;
  if (expression.kind == Kind::call)
    text = (expression.module ? *expression.module + ":" : "") + expression.name;
  if (expression.kind == Kind::map) text = "#";
  const bool is_body = expression.kind == Kind::sequence;
  const bool is_list = expression.kind == Kind::list;
  text += is_body ? "" : is_list ? "[" : "{";
  for (std::size_t i = 0; i < expression.parts.size(); ++i)
    text += (i == 0 ? "" : is_body ? "; " : ",") + text_of(expression.parts[i]);
  return text + (is_body ? "" : is_list ? "]" : "}");
}

struct StraightCase {
  const char* name;
  const char* functions;
  const char* body;  // of f/1, "" where it is none of them
};

const std::vector<StraightCase>& straight_cases() {
  static const std::vector<StraightCase> cases{
      {"a_constant", "f(_) -> {ok, [1, a, #{k => \"s\"}]}.", "{ok,[1,a,#{k,[115]}]}"},
      {"what_is_built", "f(X) -> {ok, [X, #{a => X, b => {X, 1}}]}.", "{ok,[_,#{a,_,b,{_,1}}]}"},
      {"a_call_behind_a_call", "f(X) -> ets:new(t, []), g(X).\ng(X) -> [X].",
       "ets:new{t,[]}; g{_}; g{_}"},
      {"values_kept_over_calls", "f(X) -> A = m:a(), B = m:b(X), {A, B}.",
       "m:a{}; m:b{_}; {m:a{},m:b{_}}"},
      {"a_match", "f(X) -> {ok, Y} = m:a(X), [Y].", "m:a{_}; [_]"},
      {"a_pattern", "f([]) -> ok.", "ok"},
      {"a_choice", "f(X) -> case X of 1 -> a; _ -> b end.", ""},
      {"two_clauses", "f([]) -> a;\nf(_) -> b.", ""},
      {"a_guard_that_chooses", "f(X) when X > 1 -> a;\nf(X) -> X.", ""},
      {"a_failure", "f(X) -> try m:a(X) catch _:_ -> b end.", ""},
  };
  return cases;
}

class StraightFunctions : public ::testing::TestWithParam<StraightCase> {};

TEST_P(StraightFunctions, TellTheirAnswer) {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const StraightCase& test : straight_cases()) {
      sources[std::string(test.name) + "/m"] =
          std::string("-module(m).\n-compile([export_all, nowarn_export_all]).\n") +
          test.functions + "\n";
    }
    return support::compile_modules(sources);
  }();
  const std::string& bytes = modules.at(std::string(GetParam().name) + "/m");
  const SourceCode code = recover_source(BeamFile("m.beam", bytes));
  const SourceFunction* function = code.find("f", 1);
  EXPECT_EQ(function == nullptr ? "" : text_of(function->clauses[0].body), GetParam().body);
}

INSTANTIATE_TEST_SUITE_P(All, StraightFunctions, ::testing::ValuesIn(straight_cases()),
                         [](const auto& test) { return test.param.name; });

// Each of the values stands twice in the next one: 2^40 of them.
TEST(StraightFunctions, AreNotFollowedWhereTheyGrowTooLarge) {
  std::string body = "f(X0) -> ";
  for (int i = 0; i < 40; ++i)
    body += "X" + std::to_string(i + 1) + " = {X" + std::to_string(i) + ", X" + std::to_string(i) +
            "}, ";
  const auto modules =
      support::compile_modules({{"x/m", "-module(m).\n-export([f/1]).\n" + body + "X40.\n"}});
  const BeamFile file("m.beam", modules.at("x/m"));
  EXPECT_EQ(recover_source(file).find("f", 1), nullptr);
}

}  // namespace
}  // namespace relup::beam
