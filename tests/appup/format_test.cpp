// SPDX-License-Identifier: Apache-2.0
//
// The layout by pairs of files in testdata/fmt, and by what holds for every appup: the same term,
// all comments in their order, and nothing more to do the second time.
#include "appup/format.hpp"

#include <filesystem>
#include <map>

#include <gmock/gmock.h>

#include "appup/appup_text.hpp"
#include "base/diagnostic_text.hpp"
#include "base/file_system.hpp"
#include "support/golden.hpp"
#include "term/parser.hpp"
#include "term/utf8.hpp"

namespace relup::appup {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string format(const std::string& bytes) {
  auto result = format_appup("shop.appup", bytes);
  if (const auto* fault = std::get_if<Diagnostic>(&result)) {
    ADD_FAILURE() << to_text(*fault, {}) << bytes;
    return "";
  }
  return std::move(std::get<std::string>(result));
}

// Before the full stop, as OTP sees them.
std::vector<std::string> comments_of(const std::string& bytes) {
  const Source source = std::get<Source>(decode_first_form("shop.appup", bytes));
  const auto parsed = parse_first_term(*source);
  std::vector<std::string> comments;
  for (const Span span : std::get<ParsedTerm>(parsed).comments) {
    const std::string text(source->text(span));
    comments.push_back(text.substr(0, text.find_last_not_of(" \t\r") + 1));
  }
  return comments;
}

Term term_of(const std::string& bytes) {
  const Source source = std::get<Source>(decode_first_form("shop.appup", bytes));
  return std::get<ParsedTerm>(parse_first_term(*source)).term;
}

void expect_sound(const std::string& bytes, const std::string& formatted) {
  EXPECT_EQ(term_of(formatted), term_of(bytes));
  EXPECT_EQ(comments_of(formatted), comments_of(bytes));
  EXPECT_EQ(format(formatted), formatted);
}

// By path: those that look like appups and hold a term.
const std::map<std::string, std::string>& known_appups() {
  static const auto found = [] {
    std::map<std::string, std::string> appups;
    for (const char* root : {RELUP_TESTDATA, "/usr/lib/erlang/lib"}) {
      std::error_code none;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(root, none)) {
        const std::string path = entry.path().string();
        if (!path.ends_with(".appup") && !path.ends_with(".in")) continue;
        std::string bytes = real_file_system().read(path);
        if (std::holds_alternative<std::string>(format_appup(path, bytes)))
          appups.emplace(path, std::move(bytes));
      }
    }
    return appups;
  }();
  return found;
}

class Layout : public ::testing::TestWithParam<std::string> {};

TEST_P(Layout, IsThatOfTheGoldenFile) {
  const std::string before =
      real_file_system().read(std::string(RELUP_TESTDATA "/fmt/") + GetParam() + ".in");
  const std::string after = format(before);
  support::expect_golden("fmt/" + GetParam() + ".out", after);
  expect_sound(before, after);
}

INSTANTIATE_TEST_SUITE_P(All, Layout, ::testing::Values("comments", "long", "leaves", "regexes"),
                         [](const auto& test) { return test.param; });

TEST(Format, IsSoundForEveryAppup) {
  EXPECT_GE(known_appups().size(), 4U);
  for (const auto& [path, bytes] : known_appups()) {
    SCOPED_TRACE(path);
    expect_sound(bytes, format(bytes));
  }
}

// Every comment and line break that fits between two tokens of a file.
TEST(Format, KeepsACommentWhereverItStands) {
  const std::string tokens[] = {"{",     "\"2.0\"", ",", "[", "{", "\"1.0\"", ",", "[", "{",
                                "apply", ",",       "{", "m", ",", "f",       ",", "[", "a",
                                "|",     "b",       "]", "}", "}", ",",       "x", "]", "}",
                                "]",     ",",       "[", "]", "}", "."};
  const std::size_t count = std::size(tokens);
  for (const std::string comment :
       {" % one\n", "\n% one\n", "\n\n% one\n\n% two\n", " % 1\n % 2\n"}) {
    for (std::size_t place = 0; place < count; ++place) {
      std::string text;
      for (std::size_t i = 0; i < count; ++i)
        text += (i == place ? comment : "") + tokens[i];
      expect_sound(text + "\n", format(text));
    }
    std::string everywhere;
    for (const std::string& token : tokens)
      everywhere += comment + token;
    expect_sound(everywhere + "\n", format(everywhere));
  }
}

AppupDocument document() {
  return {"2.0", {{"1.0", {LoadModule{Atom("shop")}}}, {"0.9", {}}}, {{"1.0", {}}}};
}

TEST(Format, LeavesAGeneratedFileAsItIs) {
  AppupDocument wide = document();
  const std::vector<Atom> many(20, Atom("shop_server"));
  wide.up.front().instructions.push_back(LoadModule{Atom("till"), Purge::soft, Purge::soft, many});
  const std::string text = generated_text("shop", wide);
  EXPECT_EQ(format(text), text);
}

TEST(Format, IsTheLayoutOfGeneratedFiles) {
  const std::string edited = "%% mine\n" + generated_text("shop", document());
  ASSERT_EQ(authorship(edited), Authorship::edited);
  EXPECT_EQ(format(edited), edited);
}

TEST(Format, KeepsTheEncoding) {
  const std::string heading = "\n%% coding: latin-1\n";
  EXPECT_EQ(format(heading + "{\"\xE9\",[],[]}."), heading + "{\"\xE9\",\n [],\n []}.\n");
  const std::string late = "\n\n%% coding: latin-1\n";
  EXPECT_EQ(format(late + "{\"é\",[],[]}."), late + "{\"é\",\n [],\n []}.\n");
}

TEST(Format, KeepsWhatStandsBehindTheFullStop) {
  EXPECT_EQ(format("{a,b}. %% c\n\xFF {\n\n\n"), "{a, b}. %% c\n\xFF {\n");
}

TEST(Format, MakesLinesEndInLineFeeds) {
  EXPECT_EQ(format("%% a\r\n{\"2\",\r\n[], % b\r\n[]}.\r\n"), "%% a\n{\"2\",\n [], % b\n []}.\n");
}

TEST(Format, RefusesWhatDoesNotParse) {
  for (const std::string text : {"", "{a,}.", "{a, b}", "{\"\xFF\"}.", "{a, F()}."}) {
    const auto result = format_appup("shop.appup", text);
    const auto* fault = std::get_if<Diagnostic>(&result);
    ASSERT_NE(fault, nullptr) << text;
    EXPECT_EQ(fault->rule, "syntax");
    EXPECT_THAT(to_text(*fault, {}), HasSubstr("shop.appup"));
  }
}

TEST(Format, TakesAnyDepth) {
  const std::string deep = std::string(400, '[') + "% c\n" + std::string(400, ']') + ".";
  expect_sound(deep, format(deep));
}

}  // namespace
}  // namespace relup::appup
