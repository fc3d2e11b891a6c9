// SPDX-License-Identifier: Apache-2.0
#include "base/source.hpp"

#include <gtest/gtest.h>

namespace relup {
namespace {

struct Place {
  std::uint32_t offset;
  std::uint32_t line;
  std::uint32_t column;
};

void expect_places(const SourceText& source, const std::vector<Place>& places) {
  for (const Place& place : places) {
    const Position position = source.position(place.offset);
    EXPECT_EQ(position.line, place.line) << "offset " << place.offset;
    EXPECT_EQ(position.column, place.column) << "offset " << place.offset;
  }
}

TEST(Source, CountsLinesAndColumnsFromOne) {
  expect_places(SourceText("x", "ab\n\nc"),
                {{0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {3, 2, 1}, {4, 3, 1}, {5, 3, 2}});
}

TEST(Source, ColumnsCountCharactersNotBytes) {
  // One, two, three and four bytes, then the line break.
  const SourceText source("x", "a\u00e9\u20ac\U0001f600z\n\u00e9b");
  expect_places(source, {{1, 1, 2}, {3, 1, 3}, {6, 1, 4}, {10, 1, 5}, {12, 2, 1}, {14, 2, 2}});
}

TEST(Source, OffsetsPastTheEndMeanTheEnd) {
  expect_places(SourceText("x", "a\nbc"), {{4, 2, 3}, {5, 2, 3}, {4000000000U, 2, 3}});
  expect_places(SourceText("x", ""), {{0, 1, 1}, {7, 1, 1}});
  expect_places(SourceText("x", "a\n"), {{2, 2, 1}, {3, 2, 1}});
}

TEST(Source, HandsOutLinesWithoutTheirBreaks) {
  const SourceText source("x", "one\r\ntwo\n\nfour");
  EXPECT_EQ(source.line_count(), 4U);
  EXPECT_EQ(source.line(1), "one");
  EXPECT_EQ(source.line(2), "two");
  EXPECT_EQ(source.line(3), "");
  EXPECT_EQ(source.line(4), "four");
  EXPECT_EQ(source.line_begin(2), 5U);
  EXPECT_EQ(source.line(0), "one");
  EXPECT_EQ(source.line(99), "four");
  EXPECT_EQ(SourceText("x", "a\n").line_count(), 2U);
  EXPECT_EQ(SourceText("x", "").line(1), "");
}

TEST(Source, HandsOutTheTextOfASpan) {
  const SourceText source("x", "hello");
  EXPECT_EQ(source.text({1, 3}), "el");
  EXPECT_EQ(source.text({3, 100}), "lo");
  EXPECT_EQ(source.text({3, 1}), "");
  EXPECT_EQ(source.text({100, 200}), "");
}

// The line table points into the object itself, whatever holds it.
TEST(Source, IsSharedByItsUsers) {
  Source source = make_source("name", std::string(100, 'a') + "\nb");
  const Source other = source;
  source.reset();
  EXPECT_EQ(other->name(), "name");
  EXPECT_EQ(other->line(2), "b");
}

}  // namespace
}  // namespace relup
