// SPDX-License-Identifier: Apache-2.0
#include "beam/code/code_reader.hpp"

#include <cstdio>
#include <filesystem>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "beam/code/returned_arguments.hpp"
#include "beam/compiled_modules.hpp"
#include "beam/hand_made_beam.hpp"
#include "support/compiled_modules.hpp"
#include "support/error_of.hpp"

namespace relup::beam {
namespace {

namespace fs = std::filesystem;

std::string root_of_erlang() {
  std::string text;
  FILE* answer = ::popen("erl -noshell -eval 'io:put_chars(code:root_dir()),halt().'", "r");
  for (int letter = std::fgetc(answer); letter != EOF; letter = std::fgetc(answer))
    text += static_cast<char>(letter);
  ::pclose(answer);
  return text;
}

// The last instruction of a module is int_code_end; who miscounts an operand anywhere before does
// not get there.
TEST(CodeReader, GetsToTheEndOfEveryModuleOfOtp) {
  constexpr auto code_end = static_cast<Opcode>(3);
  std::size_t modules = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root_of_erlang() + "/lib")) {
    if (entry.path().extension() != ".beam") continue;
    const BeamFile file(entry.path(), real_file_system().read(entry.path()));
    CodeReader reader(file);
    Opcode last = Opcode::label;
    while (const auto instruction = reader.next())
      last = instruction->opcode;
    ASSERT_EQ(last, code_end) << entry.path();
    ++modules;
  }
  EXPECT_GT(modules, 400U);
}

TEST(CodeReader, EveryTruncationIsAnErrorOrAnEnd) {
  const BeamFile whole("m.beam", compiled("plain"));
  const std::string code(whole.data(*whole.find("Code")));
  for (std::size_t size = 0; size < code.size(); ++size) {
    const BeamFile file("m.beam", form({atom_chunk({"m"}), {"Code", code.substr(0, size)}}));
    try {
      CodeReader reader(file);
      while (reader.next()) {
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_input);
    }
  }
}

TEST(CodeReader, EndsForGoodAtAnInstructionOfALaterOtp) {
  const std::string code = u32s({16, 0, 168, 1, 1}) + "\xF0\x01\x10";
  const BeamFile file("m.beam", form({atom_chunk({"m"}), {"Code", code}}));
  CodeReader reader(file);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.next());
}

// Where all bits of an operand's first byte are ones, its length follows, as an operand.
TEST(CodeReader, FollowsNoLengthsOfLengths) {
  const std::string code = u32s({16, 0, 168, 1, 1}) + "\x01" + std::string(1U << 22U, '\xF8');
  const BeamFile file("m.beam", form({atom_chunk({"m"}), {"Code", code}}));
  CodeReader reader(file);
  EXPECT_THAT(support::error_of([&] { reader.next(); }), testing::HasSubstr("length of a length"));
}

struct KeptCase {
  const char* name;
  const char* clauses;
  bool kept;
};

class KeptState : public ::testing::TestWithParam<KeptCase> {};

const std::vector<KeptCase>& kept_cases() {
  static const std::vector<KeptCase> cases{
      {"as_it_is", "code_change(_, S, _) -> {ok, S}.", true},
      {"by_another_variable", "code_change(_, S, _) -> T = S, {ok, T}.", true},
      {"another_value", "code_change(_, S, _) -> {ok, {S}}.", false},
      {"the_extra", "code_change(_, _, S) -> {ok, S}.", false},
      {"the_version", "code_change(S, _, _) -> {ok, S}.", false},
      {"a_constant", "code_change(_, _, _) -> {ok, nothing}.", false},
      {"an_error", "code_change(_, S, _) -> {error, S}.", false},
      {"a_choice", "code_change(1, S, _) -> {ok, S};\ncode_change(_, S, _) -> {ok, S, 1}.", false},
      {"a_call", "code_change(_, S, _) -> erlang:put(s, S), {ok, S}.", false},
      {"a_pattern", "code_change(_, {s, _} = S, _) -> {ok, S}.", false},
      {"another_arity", "code_change(_, S) -> {ok, S}.", false},
  };
  return cases;
}

const std::string& kept_module(const std::string& name) {
  static const auto modules = [] {
    support::ModuleSources sources;
    for (const KeptCase& test : kept_cases()) {
      sources[std::string(test.name) + "/m"] =
          std::string("-module(m).\n-compile(export_all).\n-compile(nowarn_export_all).\n") +
          test.clauses + "\n";
    }
    return support::compile_modules(sources);
  }();
  return modules.at(name + "/m");
}

TEST_P(KeptState, IsToldFromTheInstructions) {
  const BeamFile file("m.beam", kept_module(GetParam().name));
  EXPECT_EQ(returns_its_arguments(file, "code_change", 3, 1, 1), GetParam().kept);
}

// put_tuple2 x0, {x0, x0}; sixty times: 2^60 elements.
TEST(KeptState, IsNotSearchedInATupleThatDoubles) {
  const std::string double_x0("\xA4\x03\x17\x20\x03\x03", 6);
  std::string code = u32s({16, 0, 168, 3, 1}) + "\x01\x10\x02\x12\x22\x30\x01\x20";
  for (int i = 0; i < 60; ++i)
    code += double_x0;
  code += "\x13\x03";
  const BeamFile file("m.beam", form({atom_chunk({"m", "code_change"}),
                                      {"Code", code},
                                      {"ImpT", table({})},
                                      {"ExpT", table({{2, 3, 2}})}}));
  EXPECT_FALSE(returns_its_arguments(file, "code_change", 3, 1, 1));
}

INSTANTIATE_TEST_SUITE_P(All, KeptState, ::testing::ValuesIn(kept_cases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace relup::beam
