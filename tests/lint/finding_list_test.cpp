// SPDX-License-Identifier: Apache-2.0
#include "lint/finding_list.hpp"

#include <gmock/gmock.h>

namespace relup::lint {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Source text = make_source("shop.appup", "0123456789");

Diagnostic finding(const std::string& code, Span span, const std::string& message,
                   const Source& source = text) {
  Diagnostic made;
  made.rule = "rule-" + code;
  made.code = code;
  made.message = message;
  made.file = source ? source->name() : "";
  made.source = source;
  made.span = span;
  return made;
}

Diagnostic finding_in(const std::string& file, Span span, const std::string& code,
                      const std::string& message) {
  Diagnostic made = finding(code, span, message, nullptr);
  made.file = file;
  return made;
}

std::vector<std::string> messages(const Diagnostics& findings) {
  std::vector<std::string> all;
  for (const Diagnostic& each : findings)
    all.push_back(each.message);
  return all;
}

// Which messages of the compiler are added to what the rule RU1 found at `found`.
std::vector<std::string> added(const std::vector<Span>& found, const Diagnostic& by_compiler) {
  Diagnostics findings;
  for (const Span span : found)
    findings.push_back(finding("RU1", span, "rule"));
  add_compiler_findings({by_compiler}, findings);
  findings.erase(findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(found.size()));
  return messages(findings);
}

TEST(CompilerFindings, AreLeftOutWhereTheirRuleFoundAPartOfThePlace) {
  EXPECT_THAT(added({{2, 4}}, finding("RU1", {2, 4}, "same")), IsEmpty());
  EXPECT_THAT(added({{3, 4}}, finding("RU1", {2, 5}, "around")), IsEmpty());
  EXPECT_THAT(added({{0, 9}, {3, 8}, {4, 5}}, finding("RU1", {3, 6}, "one of three")), IsEmpty());
  EXPECT_THAT(added({{5, 5}}, finding("RU1", {5, 5}, "nothing marked")), IsEmpty());
}

TEST(CompilerFindings, AreAddedElsewhere) {
  EXPECT_THAT(added({}, finding("RU1", {2, 4}, "alone")), ElementsAre("alone"));
  EXPECT_THAT(added({{1, 4}}, finding("RU1", {2, 5}, "before")), ElementsAre("before"));
  EXPECT_THAT(added({{2, 6}}, finding("RU1", {2, 5}, "longer")), ElementsAre("longer"));
  EXPECT_THAT(added({{0, 9}, {3, 8}, {7, 8}}, finding("RU1", {2, 6}, "across")),
              ElementsAre("across"));
}

TEST(CompilerFindings, AreThoseOfOneRuleAndOneText) {
  const Source other = make_source("shop.appup", "0123456789");
  EXPECT_THAT(added({{2, 4}}, finding("RU2", {2, 4}, "rule")), ElementsAre("rule"));
  EXPECT_THAT(added({{2, 4}}, finding("RU1", {2, 4}, "text", other)), ElementsAre("text"));
  EXPECT_THAT(added({{0, 0}}, finding("RU1", {0, 0}, "no text", nullptr)), ElementsAre("no text"));
  EXPECT_THAT(added({{2, 4}}, finding("", {2, 4}, "no rule")), ElementsAre("no rule"));
}

TEST(CompilerFindings, KeepTheirOrder) {
  Diagnostics findings{finding("RU1", {8, 9}, "rule")};
  add_compiler_findings({finding("RU3", {7, 8}, "first"), finding("RU1", {7, 9}, "said"),
                         finding("RU2", {0, 1}, "second")},
                        findings);
  EXPECT_THAT(messages(findings), ElementsAre("rule", "first", "second"));
}

TEST(Repetitions, AreDroppedButForTheFirst) {
  Diagnostics findings{finding("RU1", {1, 2}, "a"), finding("RU1", {1, 2}, "b"),
                       finding("RU1", {1, 2}, "a"), finding("RU1", {1, 3}, "a"),
                       finding("RU1", {0, 2}, "a"), finding("RU2", {1, 2}, "a"),
                       finding("RU2", {1, 2}, "a")};
  findings.front().notes.emplace_back("the first");
  drop_repetitions(findings);
  EXPECT_THAT(messages(findings), ElementsAre("a", "b", "a", "a", "a"));
  EXPECT_THAT(findings.front().notes, ElementsAre("the first"));
}

// The name of a file and that of a rule are two things.
TEST(Repetitions, AreNotMistaken) {
  Diagnostics findings{finding_in("a", {}, "x", "same"), finding_in("arule-", {}, "x", "same")};
  findings[0].rule = "rule-x";
  findings[1].rule = "x";
  drop_repetitions(findings);
  EXPECT_THAT(messages(findings), ElementsAre("same", "same"));
}

TEST(Order, IsThatOfTheRequestThenOfThePlaceThenOfTheCode) {
  Diagnostics findings{
      finding_in("unknown-b", {}, "RU1", "9"), finding_in("z", {5, 6}, "RU1", "4"),
      finding_in("z", {1, 2}, "RU2", "2"),     finding_in("a", {0, 1}, "RU1", "6"),
      finding_in("z", {1, 9}, "RU1", "1"),     finding_in("unknown-a", {}, "RU9", "8"),
      finding_in("z", {1, 3}, "RU2", "3"),     finding_in("a", {0, 1}, "RU1", "7"),
      finding_in("z", {7, 8}, "RU1", "5"),
  };
  sort_by_place({"z", "a", "z"}, findings);
  EXPECT_THAT(messages(findings), ElementsAre("1", "2", "3", "4", "5", "6", "7", "8", "9"));
}

}  // namespace
}  // namespace relup::lint
