// SPDX-License-Identifier: Apache-2.0
#include "base/wrapped_text.hpp"

#include <gtest/gtest.h>

namespace relup {
namespace {

TEST(WrappedText, BreaksBetweenWords) {
  EXPECT_EQ(wrapped("one two three four", {0, 2, 10}), "one two\n  three\n  four");
  EXPECT_EQ(wrapped("one two", {0, 2, 7}), "one two");
  EXPECT_EQ(wrapped("one two", {0, 2, 6}), "one\n  two");
  EXPECT_EQ(wrapped("", {0, 2, 6}), "");
}

TEST(WrappedText, CountsWhatTheFirstLineHasAlready) {
  EXPECT_EQ(wrapped("one two", {3, 0, 10}), "one two");
  EXPECT_EQ(wrapped("one two", {4, 0, 10}), "one\ntwo");
  EXPECT_EQ(wrapped("one two", {8, 0, 10}), "\none two");
}

TEST(WrappedText, KeepsAWordThatIsTooWide) {
  EXPECT_EQ(wrapped("a incomprehensible b", {0, 2, 8}), "a\n  incomprehensible\n  b");
  EXPECT_EQ(wrapped("incomprehensible", {2, 2, 8}), "incomprehensible");
}

TEST(WrappedText, LeavesNoBlanksAtTheEnds) {
  EXPECT_EQ(wrapped("  one   two  ", {0, 0, 80}), "one two");
}

TEST(WrappedText, CountsCharactersAndNotBytes) {
  EXPECT_EQ(count_columns("\u00e9t\u00e9"), 3U);
  EXPECT_EQ(wrapped("\u00e9t\u00e9 \u00e9t\u00e9", {0, 0, 7}), "\u00e9t\u00e9 \u00e9t\u00e9");
}

}  // namespace
}  // namespace relup
