// SPDX-License-Identifier: Apache-2.0
#include "lint/fix.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/text_diff.hpp"
#include "support/memory_file_system.hpp"

namespace relup::lint {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

FixResult fix_text(const std::string& text) {
  LintRequest request;
  request.appups.push_back({"shop.appup", text});
  return fix(request);
}

std::string fixed(const std::string& text) {
  const FixResult result = fix_text(text);
  return result.files.empty() ? text : result.files.front().after;
}

struct Case {
  const char* name;
  const char* before;
  const char* after;
};

class Fixes : public ::testing::TestWithParam<Case> {};

TEST_P(Fixes, AreMadeOnce) {
  const std::string once = fixed(GetParam().before);
  EXPECT_EQ(once, GetParam().after);
  EXPECT_EQ(fixed(once), once);
}

INSTANTIATE_TEST_SUITE_P(
    All, Fixes,
    ::testing::Values(
        Case{"NothingToDo", "{\"2.0\", [{\"1.0\", [restart]}], []}.\n",
             "{\"2.0\", [{\"1.0\", [restart]}], []}.\n"},
        Case{"NoAppup", "{\"2.0\",\n  %% relup:allow RU004 why\n []}.\n",
             "{\"2.0\",\n  %% relup:allow RU004 why\n []}.\n"},
        Case{"AWholeLine", "{\"2.0\",\n  %% relup:allow RU004 why\n [], []}.\n",
             "{\"2.0\",\n [], []}.\n"},
        Case{"BehindCode", "{\"2.0\", [],  %% relup:allow RU004 why\n []}.\n",
             "{\"2.0\", [],\n []}.\n"},
        Case{"AtTheEnd", "{\"2.0\", [], []}. %% relup:allow RU004 why", "{\"2.0\", [], []}."},
        Case{"TheFirstOfTwo",
             "{\"2.0\", [{\"1.0\", [restart]}], []}. % relup:allow RU902, RU004 why\n",
             "{\"2.0\", [{\"1.0\", [restart]}], []}. % relup:allow RU004 why\n"},
        Case{"TheLastOfThree",
             "{\"2.0\", [{\"1.0\", [restart]}], []}. % relup:allow RU901,RU004 , RU902 why\n",
             "{\"2.0\", [{\"1.0\", [restart]}], []}. % relup:allow RU004 why\n"},
        Case{"TwoComments",
             "{\"2.0\",\n%% relup:allow RU004 why\n%% relup:allow RU902 why\n [], []}.\n",
             "{\"2.0\",\n [], []}.\n"}),
    [](const auto& test) { return test.param.name; });

TEST(Fix, CountsAndSaysWhatRemains) {
  const FixResult result =
      fix_text("{\"2.0\",\n%% relup:allow RU902 why\n [{\"1\", [restart]}], [{\"1\", []}]}.");
  EXPECT_EQ(result.fixed, 1U);
  ASSERT_EQ(result.files.size(), 1U);
  EXPECT_EQ(result.files[0].name, "shop.appup");
  ASSERT_EQ(result.remaining.findings.size(), 1U);
  EXPECT_EQ(result.remaining.findings[0].code, "RU004");
  EXPECT_THAT(result.left_out, IsEmpty());
}

// A message may name a line, which the fix of another finding moves.
TEST(Fix, IsMadeThoughTheLinesOfOtherFindingsMove) {
  const FixResult result = fix_text(
      "{\"2.0\",\n %% relup:allow RU004 why\n [{\"1.0\", []},\n  {\"1.0\", []}],\n"
      " [{\"1.0\", []}]}.\n");
  EXPECT_THAT(result.left_out, IsEmpty());
  EXPECT_EQ(result.fixed, 1U);
  ASSERT_EQ(result.remaining.findings.size(), 1U);
  EXPECT_THAT(result.remaining.findings[0].message, HasSubstr("in line 2"));
}

// The places of the decoded text are not those of the bytes.
TEST(Fix, LeavesAFileAloneThatIsNotUtf8) {
  const std::string text = "%% coding: latin-1\n{\"2\",\n%% relup:allow RU902 \xE4\n [], []}.\n";
  const FixResult result = fix_text(text);
  EXPECT_THAT(result.files, IsEmpty());
  EXPECT_EQ(result.remaining.findings.size(), 1U);
}

TEST(WriteFixed, WritesWhatIsStillAsItWasRead) {
  support::MemoryFileSystem files;
  files.add_file("shop.appup", "old");
  write_fixed(files, {{"shop.appup", "old", "new"}});
  EXPECT_EQ(files.read("shop.appup"), "new");
  EXPECT_THROW(write_fixed(files, {{"shop.appup", "old", "newer"}}), Error);
  EXPECT_EQ(files.read("shop.appup"), "new");
}

TEST(UnifiedDiff, ShowsWhatChanges) {
  EXPECT_EQ(unified_diff("a", "x\n", "x\n"), "");
  EXPECT_EQ(unified_diff("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n"),
            "--- a\n+++ a\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+10\n");
  EXPECT_EQ(unified_diff("a", "1\n2\n", "2\n"), "--- a\n+++ a\n@@ -1,2 +1,1 @@\n-1\n 2\n");
  EXPECT_EQ(unified_diff("a", "1\n", ""), "--- a\n+++ a\n@@ -1,1 +0,0 @@\n-1\n");
  EXPECT_EQ(unified_diff("a", "1", "1\n"),
            "--- a\n+++ a\n@@ -1,1 +1,1 @@\n-1\n\\ No newline at end of file\n+1\n");
}

TEST(UnifiedDiff, HasAHunkForEveryPlace) {
  std::string before;
  for (int i = 0; i < 40; ++i)
    before += std::to_string(i) + "\n";
  std::string after = before;
  after.replace(after.find("\n2\n"), 3, "\n");
  after.replace(after.find("\n30\n"), 4, "\nthirty\n");
  const std::string diff = unified_diff("a", before, after);
  EXPECT_THAT(diff, HasSubstr("@@ -1,6 +1,5 @@\n"));
  EXPECT_THAT(diff, HasSubstr("@@ -28,7 +27,7 @@\n"));
}

}  // namespace
}  // namespace relup::lint
