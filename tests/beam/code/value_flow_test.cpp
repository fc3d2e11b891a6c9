// SPDX-License-Identifier: Apache-2.0
//
// What the compiled code of a function is said to return, call and look for. All modules are
// without debug information.
#include "beam/code/value_flow.hpp"

#include <gtest/gtest.h>

#include "beam/hand_made_beam.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::beam {
namespace {

using Index = FlowNode::Index;

// A value as an expression: $0 is the first argument, _ what is not known, (A | B) one of both.
std::string text_of(const FunctionFlow& function, Index index);

std::string joined(const FunctionFlow& function, const std::vector<Index>& nodes,
                   const char* between) {
  std::string text;
  for (const Index each : nodes)
    text += (text.empty() ? "" : between) + text_of(function, each);
  return text;
}

std::string text_of(const FunctionFlow& function, Index index) {
  const FlowNode& node = function.nodes[index];
  const std::string parts = joined(function, node.parts, ", ");
  switch (node.kind) {
    case FlowNode::Kind::unknown:
      return "_";
    case FlowNode::Kind::term:
      return print(node.value);
    case FlowNode::Kind::tuple:
      return "{" + parts + "}";
    case FlowNode::Kind::list:
      return "[" + joined(function, node.parts, " | ") + "]";
    case FlowNode::Kind::map:
      return "#{" + parts + "}";
    case FlowNode::Kind::call:
      return (node.module ? node.module->name() + ":" : "") + node.function->name() + "(" + parts +
             ")";
    case FlowNode::Kind::fun:
      return "fun(" + parts + ")/" + std::to_string(node.number);
    case FlowNode::Kind::argument:
      return "$" + std::to_string(node.number);
    case FlowNode::Kind::element:
      return parts + "." + std::to_string(node.number);
    case FlowNode::Kind::choice:
      break;
  }
  return "(" + joined(function, node.parts, " | ") + ")";
}

struct FlowCase {
  const char* name;
  const char* source;  // of f
  unsigned arity;
  std::string results;  // several joined by "; "
};

const std::vector<FlowCase>& flow_cases() {
  static const std::vector<FlowCase> cases{
      // What is followed.
      {"constant", "f() -> {a, [1]}.", 0, "{a,[1]}"},
      {"built", "f(X) -> {a, [X | X], #{k => X}}.", 1, "{a, [$0 | $0], #{#{}, k, $0}}"},
      {"taken_out", "f({_, X}) -> {ok, X}.", 1, "{ok, $0.1}"},
      {"by_clauses", "f(a) -> 1;\nf(_) -> 2.", 1, "1; 2"},
      {"where_ways_meet", "f(X) -> Y = case m:g() of 1 -> {a, X}; 2 -> b end, m:h(), Y.", 1,
       "({a, $0} | b)"},
      {"kept_over_calls", "f(X, Y) -> m:g(), m:h(), {X, Y}.", 2, "{$0, $1}"},
      {"call_of_another", "f(X) -> m:g(X, b).", 1, "m:g($0, b)"},
      {"call_of_its_own", "f(X) -> {ok, g(X)}.\ng(X) -> m:h(X), X.", 1, "{ok, g($0)}"},
      {"apply_of_constants", "f(X) -> M = m, G = g, apply(M, G, [X]).", 1, "m:g($0)"},
      {"fun_with_what_it_keeps", "f(X) -> fun(Y) -> {X, Y} end.", 1, "fun($0)/1"},
      {"message_sent", "f(P) -> P ! {hi, P}.", 1, "erlang:send($0, {hi, $0})"},
      {"received", "f() -> receive {x, V} -> {got, V} end.", 0, "{got, _.1}"},
      // What is given up.
      {"arithmetic", "f(X) -> {ok, X + 1}.", 1, "{ok, _}"},
      {"value_of_a_key", "f(#{k := V}) -> V.", 1, "_"},
      {"binary", "f(X) -> {ok, <<X:8>>}.", 1, "{ok, _}"},
      {"fun_called", "f(F) -> {ok, F(1)}.", 1, "{ok, _}"},
      {"apply_of_a_variable", "f(M) -> {ok, M:g(1)}.", 1, "{ok, _}"},
      {"caught", "f() -> try {ok, m:g()} catch _:R -> {error, R} end.", 0,
       "{ok, m:g()}; {error, _}"},
      {"only_failing", "f() -> erlang:error(no).", 0, "erlang:error(no)"},
  };
  return cases;
}

const std::map<std::string, std::string>& compiled_flows() {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const FlowCase& test : flow_cases()) {
      sources[std::string(test.name) + "/m"] =
          "-module(m).\n-export([f/" + std::to_string(test.arity) + "]).\n" + test.source + "\n";
    }
    sources["field/m"] = "-module(m).\n-export([f/1]).\n-record(r, {x, y}).\nf(R) -> R#r{y = 1}.\n";
    sources["literal/m"] = "-module(m).\n-export([f/0, g/0]).\nf() -> {a, <<\"" +
                           std::string(70'000, 'x') + "\">>}.\ng() -> {a, <<\"x\">>}.\n";
    sources["looks/m"] =
        "-module(m).\n-export([f/1, g/1, h/1]).\n"
        "f({add, _}) -> 1;\nf({take, _, _}) -> 2;\nf(stop) -> 3.\n"
        "g({add, _}) -> 1;\ng(_) -> 2.\n"
        "h(X) -> case X of {put, _} -> 1; {put, _, _} -> 2; last -> 3 end.\n";
    return support::compile_modules(sources);
  }();
  return modules;
}

ValueFlow flow_of(const std::string& key) {
  return read_value_flow(BeamFile("m.beam", compiled_flows().at(key)));
}

class Flows : public ::testing::TestWithParam<FlowCase> {};

TEST_P(Flows, SayWhatAFunctionReturns) {
  const ValueFlow code = flow_of(std::string(GetParam().name) + "/m");
  EXPECT_TRUE(code.is_whole);
  const FunctionFlow* function = code.find("f", GetParam().arity);
  ASSERT_NE(function, nullptr);
  EXPECT_EQ(joined(*function, function->results, "; "), GetParam().results);
}

INSTANTIATE_TEST_SUITE_P(All, Flows, ::testing::ValuesIn(flow_cases()),
                         [](const auto& test) { return test.param.name; });

std::string looked_for(const FunctionFlow& function) {
  std::string text;
  for (const TupleShape& each : function.matched)
    text += "{" + each.tag.name() + "," + std::to_string(each.size) + "} ";
  for (const Atom each : function.compared)
    text += each.name() + " ";
  return text;
}

TEST(Flow, SaysWhatAFunctionLooksFor) {
  const ValueFlow code = flow_of("looks/m");
  const FunctionFlow& picky = *code.find("f", 1);
  EXPECT_EQ(looked_for(picky), "{add,2} {take,3} add stop take ");
  EXPECT_FALSE(picky.takes_anything);
  EXPECT_TRUE(code.find("g", 1)->takes_anything);
  // A failure of a case inside is none of the arguments.
  EXPECT_TRUE(code.find("h", 1)->takes_anything);
  EXPECT_EQ(looked_for(*code.find("h", 1)), "{put,2} {put,3} last put ");
}

// As setelement(Place, Tuple, Value): compilers differ in whether they tell the place.
TEST(Flow, TakesAChangedRecordForWhatItWasMadeOf) {
  const ValueFlow code = flow_of("field/m");
  const FunctionFlow& function = *code.find("f", 1);
  const std::string result = joined(function, function.results, "; ");
  EXPECT_TRUE(result.starts_with("erlang:setelement(") && result.ends_with(", $0, 1)")) << result;
}

// Three functions without arguments, as instructions: {label, L}, {func_info, M, F, 0}, {label, L +
// 1}, {move, Atom, x0} once or `times` for the second, return. Each move is a value.
BeamFile three_functions(std::size_t times) {
  const auto tagged = [](int value, int tag) { return static_cast<char>(value * 16 + tag); };
  constexpr int number = 0;
  constexpr int atom = 2;
  constexpr int x = 3;
  std::string code = u32s({16, 0, 168, 7, 3});
  for (int i = 0; i < 3; ++i) {
    code +=
        {1, tagged(2 * i + 1, number), 2, tagged(1, atom), tagged(i + 2, atom), tagged(0, number),
         1, tagged(2 * i + 2, number)};
    for (std::size_t j = 0; j < (i == 1 ? times : 1); ++j)
      code += {64, tagged(i + 2, atom), tagged(0, x)};
    code += {19};
  }
  return {"m.beam", form({atom_chunk({"m", "a", "b", "c"}), {"Code", code + std::string(1, 3)}})};
}

TEST(Flow, GivesUpATooLargeFunctionAndKeepsTheOthers) {
  EXPECT_TRUE(read_value_flow(three_functions(49'000)).is_whole);
  const ValueFlow code = read_value_flow(three_functions(60'000));
  EXPECT_FALSE(code.is_whole);
  EXPECT_LT(code.find("b", 0)->nodes.size(), 60'000U);
  for (const char* name : {"a", "c"}) {
    const FunctionFlow* function = code.find(name, 0);
    ASSERT_NE(function, nullptr);
    EXPECT_EQ(joined(*function, function->results, "; "), name);
  }
}

TEST(Flow, LeavesALargeConstantAlone) {
  const ValueFlow code = flow_of("literal/m");
  EXPECT_TRUE(code.is_whole);
  EXPECT_EQ(joined(*code.find("f", 0), code.find("f", 0)->results, "; "), "_");
  EXPECT_EQ(joined(*code.find("g", 0), code.find("g", 0)->results, "; "), "{a,<<\"x\">>}");
}

TEST(Flow, IsNotWholeBehindAnInstructionOfALaterOtp) {
  const std::string code = u32s({16, 0, 168, 1, 1}) + "\xF0\x01\x10";
  const ValueFlow flow =
      read_value_flow(BeamFile("m.beam", form({atom_chunk({"m"}), {"Code", code}})));
  EXPECT_FALSE(flow.is_whole);
  EXPECT_TRUE(flow.functions.empty());
}

}  // namespace
}  // namespace relup::beam
