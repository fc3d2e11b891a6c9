// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include <gmock/gmock.h>

#include "cmd/program.hpp"

namespace relup::cmd {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// The verbs that the general help lists.
std::vector<std::string> verbs() {
  std::istringstream lines(run_relup({{"--help"}}).output);
  std::vector<std::string> found;
  bool is_list = false;
  for (std::string line; std::getline(lines, line);) {
    if (is_list && line.empty()) break;
    if (is_list) found.push_back(line.substr(2, line.find(' ', 2) - 2));
    is_list = is_list || line == "Verbs:";
  }
  return found;
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);)
    widest = std::max(widest, line.size());
  return widest;
}

TEST(Help, ListsTheVerbsAndTheExitStatus) {
  const Answer answer = run_relup({{"--help"}});
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.messages, IsEmpty());
  EXPECT_THAT(answer.output, AllOf(HasSubstr("Usage: relup VERB"), HasSubstr("Exit status: 0")));
  EXPECT_LE(widest_line(answer.output), 80U);
  EXPECT_THAT(verbs(),
              ::testing::IsSupersetOf({"diff", "generate", "compile", "pack", "status", "check",
                                       "upgrade", "downgrade", "commit", "rollback", "remove"}));
}

TEST(Help, OfEveryVerbFitsIntoEightyColumns) {
  for (const std::string& verb : verbs()) {
    const Answer answer = run_relup({{verb, "--help"}});
    EXPECT_EQ(answer.status, 0) << verb;
    EXPECT_THAT(answer.messages, IsEmpty()) << verb;
    EXPECT_THAT(answer.output, HasSubstr("\nUsage: relup " + verb + " ")) << verb;
    EXPECT_LE(widest_line(answer.output), 80U) << answer.output;
    EXPECT_EQ(run_relup({{verb, "-h"}}).output, answer.output) << verb;
    EXPECT_THAT(answer.output, EndsWith("try again.\n")) << verb;
  }
}

TEST(Help, TheUsageLineHasEverythingThatACallNeeds) {
  EXPECT_THAT(run_relup({{"generate", "--help"}}).output,
              HasSubstr("Usage: relup generate --from REF... --to REF [OPTION]...\n"));
  EXPECT_THAT(run_relup({{"upgrade", "--help"}}).output,
              HasSubstr("Usage: relup upgrade VERSION [OPTION]...\n"));
}

TEST(Help, VersionIsAResult) {
  const Answer answer = run_relup({{"--version"}});
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.output, AllOf(StartsWith("relup "), EndsWith("\n")));
  EXPECT_THAT(answer.messages, IsEmpty());
}

TEST(WrongCall, WithoutArgumentsIsHelpAsAMessage) {
  const Answer answer = run_relup({});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.output, IsEmpty());
  EXPECT_EQ(answer.messages, run_relup({{"--help"}}).output);
}

struct WrongCall {
  std::vector<std::string> arguments;
  const char* message;
  const char* hint;
};

class WrongCalls : public ::testing::TestWithParam<WrongCall> {};

TEST_P(WrongCalls, EndWithTwoAndSayWhatIsRight) {
  const Answer answer = run_relup({GetParam().arguments});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.output, IsEmpty());
  EXPECT_EQ(answer.messages, "relup: error: " + std::string(GetParam().message) +
                                 "\n  hint: " + GetParam().hint + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongCalls,
    ::testing::Values(
        WrongCall{{"dif", "a", "b"}, "there is no verb `dif`", "did you mean `relup diff`?"},
        WrongCall{{"upgarde"}, "there is no verb `upgarde`", "did you mean `relup upgrade`?"},
        WrongCall{{"frobnicate"},
                  "there is no verb `frobnicate`",
                  "run `relup --help` for the list of verbs"},
        WrongCall{
            {"--format", "json", "dif"}, "there is no verb `dif`", "did you mean `relup diff`?"},
        WrongCall{{"--format", "json"}, "a verb is missing", "run `relup --help`"},
        WrongCall{{"diff", "a", "b", "--exit-cod"},
                  "there is no option `--exit-cod`",
                  "did you mean `--exit-code`?"},
        WrongCall{{"diff", "--colour=never", "a", "b"},
                  "there is no option `--colour`",
                  "did you mean `--color`?"},
        WrongCall{{"diff", "a", "b", "--frobnicate"},
                  "there is no option `--frobnicate`",
                  "run `relup diff --help`"},
        WrongCall{{"diff", "a", "b", "c"}, "one argument too many: `c`", "run `relup diff --help`"},
        WrongCall{{"diff", "a"}, "NEW is required", "run `relup diff --help`"},
        WrongCall{{"diff", "a", "b", "--format", "xml"},
                  "--format is text|json|sarif|github, not `xml`",
                  "run `relup diff --help`"},
        WrongCall{{"diff", "a", "b", "--format", "sarif"},
                  "`relup diff` has no --format sarif",
                  "its formats are text and json; `relup lint` has sarif and github, too"},
        WrongCall{{"--format", "github", "status"},
                  "`relup status` has no --format github",
                  "its formats are text and json; `relup lint` has sarif and github, too"},
        WrongCall{{"compile", "a.rel", "--otp", "24"},
                  "--otp is 25|26|27|28, not `24`",
                  "run `relup compile --help`"},
        WrongCall{{"compile", "a.rel", "--otp", "new"},
                  "--otp is 25|26|27|28, not `new`",
                  "run `relup compile --help`"},
        WrongCall{{"lint", ".", "--fail-on", "never"},
                  "--fail-on is error|warning|note, not `never`",
                  "run `relup lint --help`"},
        WrongCall{{"lint", ".", "--diff"}, "--diff requires --fix", "run `relup lint --help`"},
        WrongCall{{"explain", "bad-instrucion"},
                  "there is no rule and no file `bad-instrucion`",
                  "did you mean `relup explain bad-instruction`?"},
        WrongCall{{"--color", "blue", "diff", "a", "b"},
                  "--color is auto|always|never, not `blue`",
                  "run `relup diff --help`"}),
    [](const auto& test) { return "case_" + std::to_string(test.index); });

}  // namespace
}  // namespace relup::cmd
