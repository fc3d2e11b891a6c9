// SPDX-License-Identifier: Apache-2.0
#include "appup/version_match.hpp"

#include <gmock/gmock.h>

#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::appup {
namespace {

using ::testing::HasSubstr;

std::variant<Term, NoEntry, EntryFault> find(const std::string& entries,
                                             const std::string& version) {
  return find_entry(parse_single_term("test", entries + "."), version);
}

struct Pattern {
  const char* name;
  const char* entry;  // the version of the one entry, an Erlang term
  const char* version;
  bool serves;
};

class VersionPattern : public ::testing::TestWithParam<Pattern> {};

TEST_P(VersionPattern, ServesAsOtpHasIt) {
  const auto found = find("[{" + std::string(GetParam().entry) + ",[here]}]", GetParam().version);
  ASSERT_FALSE(std::holds_alternative<EntryFault>(found));
  EXPECT_EQ(std::holds_alternative<Term>(found), GetParam().serves);
  if (const Term* instructions = std::get_if<Term>(&found)) {
    EXPECT_EQ(print(*instructions), "[here]");
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, VersionPattern,
    ::testing::Values(Pattern{"string", "\"1.0\"", "1.0", true},
                      Pattern{"string_other", "\"1.0\"", "1.0.0", false},
                      Pattern{"string_is_no_regex", "\"1\\\\.[0-9]+\"", "1.0", false},
                      Pattern{"string_with_hyphen", "\"2.9.6-rc.0\"", "2.9.6-rc.0", true},
                      Pattern{"empty_string", "\"\"", "1.0", false},
                      Pattern{"atom", "'1.0'", "1.0", false},
                      Pattern{"whole", R"(<<"1\\.[0-9]+">>)", "1.0", true},
                      Pattern{"only_a_prefix", R"(<<"1\\.[0-9]+">>)", "1.0.1", false},
                      Pattern{"only_a_suffix", R"(<<"1\\.0">>)", "11.0", false},
                      Pattern{"short_alternative_first", R"(<<"1|1\\.0">>)", "1.0", false},
                      Pattern{"long_alternative_first", R"(<<"1\\.0|1">>)", "1.0", true},
                      Pattern{"lazy", R"(<<"1.*?">>)", "1.0", false},
                      Pattern{"empty_regex", R"(<<"">>)", "1.0", false},
                      Pattern{"unescaped_dot", R"(<<"1.0">>)", "1x0", true},
                      Pattern{"caseless", R"(<<"(?i)rc1">>)", "RC1", true},
                      Pattern{"lookahead", R"(<<"1\\.(?!9)[0-9]">>)", "1.0", true},
                      Pattern{"lookahead_says_no", R"(<<"1\\.(?!9)[0-9]">>)", "1.9", false},
                      Pattern{"possessive", R"(<<"[0-9.]++">>)", "1.0", true},
                      Pattern{"possessive_gives_nothing_back", R"(<<"[0-9.]++0">>)", "1.0", false},
                      Pattern{"back_reference", R"(<<"([0-9])\\.\\1">>)", "1.1", true},
                      Pattern{"anchored", R"(<<"^8\\.0\\.0(?:\\.[0-9]+)+$">>)", "8.0.0.1", true},
                      Pattern{"unicode", R"(<<"v."/utf8>>)", "vé", true},
                      Pattern{"bits_are_no_regex", "<<1:1>>", "1.0", false}),
    [](const auto& test) { return test.param.name; });

TEST(VersionEntries, TheFirstThatServesWins) {
  const auto first = [](const std::string& entries) {
    return print(std::get<Term>(find(entries, "1.0")));
  };
  EXPECT_EQ(first(R"([{"0.9",[a]},{"1.0",[b]},{"1.0",[c]}])"), "[b]");
  EXPECT_EQ(first(R"([{<<"1.*">>,[a]},{"1.0",[b]}])"), "[a]");
  EXPECT_EQ(first(R"([{"1.0",[b]},{<<"1.*">>,[a]}])"), "[b]");
  EXPECT_EQ(first(R"([{<<"2.*">>,[a]},{<<"1.*">>,[b]}])"), "[b]");
}

TEST(VersionEntries, WhatIsNoPairIsPassedOver) {
  const auto found = find(R"([{"1.0"}, x, {"1.0",[a],b}, {"1.0",[c]}])", "1.0");
  EXPECT_EQ(print(std::get<Term>(found)), "[c]");
  EXPECT_TRUE(std::holds_alternative<NoEntry>(find("[]", "1.0")));
}

TEST(VersionEntries, AListThatIsNoneIsAFault) {
  for (const char* entries : {"{\"1.0\",[]}", "none", "[{\"1.0\",[]}|x]"}) {
    const auto found = find(entries, "1.0");
    ASSERT_TRUE(std::holds_alternative<EntryFault>(found)) << entries;
    EXPECT_EQ(std::get<EntryFault>(found).rule, "bad-version-list");
  }
}

TEST(VersionEntries, ARegexThatDoesNotCompileIsAFaultWhereItIsReached) {
  const auto found = find(R"([{<<"1.(">>,[]}])", "1.0");
  ASSERT_TRUE(std::holds_alternative<EntryFault>(found));
  const EntryFault& fault = std::get<EntryFault>(found);
  EXPECT_EQ(fault.rule, "bad-version-regex");
  EXPECT_THAT(fault.message, HasSubstr("missing closing parenthesis at character 4"));
  EXPECT_EQ(fault.span, (Span{2, 11}));
  EXPECT_TRUE(std::holds_alternative<EntryFault>(find("[{<<255,254>>,[]}]", "1.0")));
  EXPECT_TRUE(std::holds_alternative<Term>(find(R"([{"1.0",[]},{<<"1.(">>,[]}])", "1.0")));
}

TEST(VersionEntries, APatternBuiltToExplodeEndsInTime) {
  const auto found = find(R"([{<<"(a+)+b">>,[]}])", std::string(40, 'a'));
  EXPECT_TRUE(std::holds_alternative<NoEntry>(found));
}

}  // namespace
}  // namespace relup::appup
