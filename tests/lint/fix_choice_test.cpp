// SPDX-License-Identifier: Apache-2.0
#include "lint/fix_choice.hpp"

#include <gmock/gmock.h>

#include "lint/fix_objection.hpp"

namespace relup::lint {
namespace {

using ::testing::ElementsAre;

constexpr const char* digits = "0123456789";

LintRequest request() {
  LintRequest made;
  made.appups = {{"a", digits}, {"b", digits}};
  made.relups = {{"relup", "other bytes"}};
  return made;
}

Diagnostic fixable(const Source& source, const std::string& message, std::vector<Edit> edits) {
  Diagnostic made;
  made.rule = "rule";
  made.message = message;
  made.file = source->name();
  made.source = source;
  made.fix = Fix{"fix", std::move(edits)};
  return made;
}

bool none(const Diagnostic& /*finding*/) {
  return false;
}

std::vector<std::string> chosen(const Diagnostics& findings) {
  std::vector<std::string> messages;
  for (const Diagnostic* finding : choose_fixes(request(), findings, none))
    messages.push_back(finding->message);
  return messages;
}

TEST(ChooseFixes, LeavesOutThoseThatOverlapEarlierOnes) {
  const Source a = make_source("a", digits);
  EXPECT_THAT(chosen({fixable(a, "1", {{{4, 6}, ""}}), fixable(a, "left of it", {{{2, 4}, ""}}),
                      fixable(a, "right of it", {{{6, 8}, ""}}),
                      fixable(a, "into it", {{{3, 5}, ""}}), fixable(a, "from it", {{{5, 7}, ""}}),
                      fixable(a, "in it", {{{5, 5}, "x"}}), fixable(a, "around", {{{0, 9}, ""}})}),
              ElementsAre("1", "left of it", "right of it"));
}

TEST(ChooseFixes, TakesTwoInsertionsAtOnePlaceForAnOverlap) {
  const Source a = make_source("a", digits);
  EXPECT_THAT(chosen({fixable(a, "1", {{{4, 4}, "x"}}), fixable(a, "same", {{{4, 4}, "y"}}),
                      fixable(a, "before a change", {{{5, 5}, "x"}}),
                      fixable(a, "2", {{{6, 8}, ""}}), fixable(a, "at its begin", {{{6, 6}, "x"}}),
                      fixable(a, "at its end", {{{8, 8}, "x"}})}),
              ElementsAre("1", "before a change", "2", "at its end"));
}

TEST(ChooseFixes, LooksAtAllEditsOfAFixAndAtOneFile) {
  const Source a = make_source("a", digits);
  const Source b = make_source("b", digits);
  EXPECT_THAT(
      chosen({fixable(a, "1", {{{1, 2}, ""}, {{8, 9}, ""}}), fixable(a, "between", {{{3, 4}, ""}}),
              fixable(a, "one of two", {{{5, 6}, ""}, {{8, 9}, ""}}),
              fixable(a, "free", {{{5, 6}, ""}}), fixable(b, "other file", {{{1, 2}, ""}})}),
      ElementsAre("1", "between", "free", "other file"));
}

TEST(ChooseFixes, TakesNoneWhosePlacesAreNotThoseOfTheFile) {
  const Source decoded = make_source("relup", "decoded");
  const Source unknown = make_source("unknown", digits);
  EXPECT_THAT(chosen({fixable(decoded, "decoded", {{{1, 2}, ""}}),
                      fixable(unknown, "unknown", {{{1, 2}, ""}})}),
              ElementsAre());
}

TEST(ChooseFixes, LeavesOutWhatIsRefused) {
  const Source a = make_source("a", digits);
  const Diagnostics findings{fixable(a, "refused", {{{1, 3}, ""}}),
                             fixable(a, "overlaps it", {{{2, 4}, ""}})};
  const Fixable fixes = choose_fixes(
      request(), findings, [](const Diagnostic& each) { return each.message == "refused"; });
  EXPECT_THAT(fixes, ElementsAre(&findings[1]));
}

TEST(WithFixes, MakesAllEditsOfAFile) {
  const Source a = make_source("a", digits);
  const Source b = make_source("b", digits);
  const Diagnostic first = fixable(a, "1", {{{8, 9}, "eight"}, {{1, 2}, ""}});
  const Diagnostic second = fixable(a, "2", {{{4, 4}, "|"}});
  const Diagnostic other = fixable(b, "3", {{{0, 10}, "b"}});
  const LintRequest fixed = with_fixes(request(), {&first, &other, &second});
  EXPECT_EQ(fixed.appups[0].bytes, "023|4567eight9");
  EXPECT_EQ(fixed.appups[1].bytes, "b");
  EXPECT_EQ(fixed.relups[0].bytes, "other bytes");
}

Diagnostic finding(const std::string& message, const Source& source, Span span) {
  Diagnostic made = fixable(source, message, {});
  made.fix.reset();
  made.span = span;
  return made;
}

TEST(Objection, IsNoneWhereThereIsLessAndNothingNew) {
  const Source text = make_source("a", "x\nab");
  const Source shorter = make_source("a", "ab");
  const Diagnostics before{finding("fixed", text, {0, 1}), finding("in line 2", text, {2, 4})};
  EXPECT_EQ(objection(before, {finding("in line 2", text, {2, 4})}), "");
  EXPECT_EQ(objection(before, {}), "");
  // The line moved, and the message says so.
  EXPECT_EQ(objection(before, {finding("in line 1", shorter, {0, 2})}), "");
}

TEST(Objection, SaysWhatWouldBeNew) {
  const Source text = make_source("a", "x ab");
  const Diagnostics before{finding("one", text, {0, 1}), finding("two", text, {0, 1})};
  EXPECT_EQ(objection(before, {finding("three", text, {2, 4})}),
            "then there would be: three [rule]");
  EXPECT_EQ(objection(before, {finding("one", text, {0, 1}), finding("one", text, {2, 4})}),
            "then there would be: one [rule]");
}

TEST(Objection, SaysThatNothingIsGained) {
  const Source text = make_source("a", "x ab");
  const Diagnostics before{finding("one", text, {0, 1})};
  EXPECT_EQ(objection(before, before), "the finding would still be there");
  EXPECT_EQ(objection(before, {finding("other words", text, {0, 1})}),
            "the finding would still be there");
}

}  // namespace
}  // namespace relup::lint
