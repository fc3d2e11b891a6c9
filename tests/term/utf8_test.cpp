// SPDX-License-Identifier: Apache-2.0
#include "term/utf8.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace relup {
namespace {

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> taken;
  while (!text.empty())
    taken.push_back(take_code_point(text));
  return taken;
}

using CodePoints = std::vector<char32_t>;

struct BadSequence {
  const char* what;
  std::string bytes;
  std::size_t valid;  // bytes before what is wrong
};

std::vector<BadSequence> bad_sequences() {
  return {
      {"a continuation byte alone", "a\x80", 1},
      {"a lead byte alone", "ab\xC3", 2},
      {"a lead byte before ASCII", "\xC3(", 0},
      {"an overlong slash", "\xC0\xAF", 0},
      {"an overlong NUL of three bytes", "\xE0\x80\x80", 0},
      {"an overlong form of four bytes", "\xF0\x8F\xBF\xBF", 0},
      {"a surrogate", "x\xED\xA0\x80", 1},
      {"a code point past the last one", "\xF4\x90\x80\x80", 0},
      {"a byte that is never used", "\xFF", 0},
      {"a truncated sequence of four bytes", "\xC3\xA9\xF0\x9F\x98", 2},
  };
}

TEST(Utf8, TakesCodePointsOfEveryLength) {
  EXPECT_EQ(code_points("a\u00e9\u20ac\U0001f600"), (CodePoints{'a', 0xE9, 0x20AC, 0x1F600}));
  EXPECT_EQ(code_points("\u007f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff"),
            (CodePoints{0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF}));
}

TEST(Utf8, EveryCodePointComesBack) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; code_point += 7) {
    if (!is_code_point(code_point)) continue;
    std::string text;
    append_utf8(text, code_point);
    ASSERT_EQ(valid_utf8_prefix(text), text.size()) << static_cast<std::uint32_t>(code_point);
    ASSERT_EQ(code_points(text), CodePoints{code_point});
  }
}

TEST(Utf8, TellsWhereBytesAreWrong) {
  for (const BadSequence& one : bad_sequences()) {
    SCOPED_TRACE(one.what);
    EXPECT_EQ(valid_utf8_prefix(one.bytes), one.valid);
    EXPECT_FALSE(is_valid_utf8(one.bytes));
  }
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, WrongBytesReadAsThemselves) {
  EXPECT_EQ(code_points("\xC3("), (CodePoints{0xC3, '('}));
  EXPECT_EQ(code_points("\xED\xA0\x80"), (CodePoints{0xED, 0xA0, 0x80}));
  EXPECT_EQ(code_points("\xE2\x82"), (CodePoints{0xE2, 0x82}));
}

TEST(Utf8, ReadsLatin1) {
  EXPECT_EQ(latin1_to_utf8("caf\xE9 \xA3"), "caf\u00e9 \u00a3");
  EXPECT_EQ(count_code_points("caf\u00e9 \U0001f600"), 6U);
}

TEST(Utf8, KnowsWhatACodePointIs) {
  for (const std::int64_t yes : {0x0, 0x41, 0xD7FF, 0xE000, 0xFFFF, 0x10FFFF}) {
    EXPECT_TRUE(is_code_point(yes)) << yes;
  }
  for (const std::int64_t no : {-1, 0xD800, 0xDFFF, 0x110000}) {
    EXPECT_FALSE(is_code_point(no)) << no;
  }
}

}  // namespace
}  // namespace relup
