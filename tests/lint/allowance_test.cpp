// SPDX-License-Identifier: Apache-2.0
#include "lint/allowance.hpp"

#include <gmock/gmock.h>

#include "lint/lint.hpp"
#include "lint/rule.hpp"
#include "policy/read_policy.hpp"

namespace relup::lint {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LintResult lint_text(const std::string& text, const std::string& policy = "version: 1") {
  LintRequest request;
  request.appups.push_back({"shop.appup", text});
  request.policy = policy::read_policy("relup.yaml", policy).policy;
  return run_lint(request);
}

std::vector<std::string> codes(const LintResult& result) {
  std::vector<std::string> all;
  for (const Diagnostic& finding : result.findings)
    all.push_back(finding.code);
  return all;
}

// An appup whose up list has `restart` (RU004), on line 3, with `above` in front of that line and
// `behind` at its end.
std::string appup(const std::string& above, const std::string& behind) {
  return "{\"2.0\",\n [{\"1.0\", [\n" + above + "  restart" + behind +
         "\n ]}],\n [{\"1.0\", []}]}.\n";
}

struct Case {
  const char* name;
  std::string text;
  std::vector<std::string> codes;
  std::size_t allowed;
};

class Allowances : public ::testing::TestWithParam<Case> {};

TEST_P(Allowances, CoverFindings) {
  const LintResult result = lint_text(GetParam().text);
  EXPECT_EQ(codes(result), GetParam().codes);
  EXPECT_EQ(result.allowed, GetParam().allowed);
}

using Codes = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(
    All, Allowances,
    ::testing::Values(
        Case{"None", appup("", ""), Codes{"RU004"}, 0},
        Case{"OnTheLine", appup("", " %% relup:allow RU004 why"), Codes{}, 1},
        Case{"Above", appup("  %% relup:allow RU004 why\n", ""), Codes{}, 1},
        Case{"ByName", appup("  % relup:allow obsolete-restart why\n", ""), Codes{}, 1},
        Case{"InAnyCase", appup("  %%% relup:allow ru004 why\n", ""), Codes{}, 1},
        Case{"ABlockAbove", appup("  %% relup:allow RU004 why\n  %% and more\n%\n", ""), Codes{},
             1},
        Case{"SeveralRules", appup("  %% relup:allow bad-instruction, RU004 why\n", ""), Codes{},
             1},
        Case{"NotAcrossABlankLine", appup("  %% relup:allow RU004 why\n\n", ""),
             Codes{"RU901", "RU004"}, 0},
        Case{"NotForOtherRules", appup("  %% relup:allow RU902 why\n", ""), Codes{"RU901", "RU004"},
             0},
        Case{"WithoutAReason", appup("", " %% relup:allow RU004"), Codes{"RU902"}, 1},
        Case{"WithNothingButPunctuation", appup("", " %% relup:allow RU004: --"), Codes{"RU902"},
             1},
        Case{"ReasonBehindAColon", appup("", " %% relup:allow RU004: why"), Codes{}, 1},
        Case{"WithoutARule", appup("", " %% relup:allow"), Codes{"RU004", "RU903"}, 0},
        Case{"UnknownRule", appup("", " %% relup:allow RU4 why"), Codes{"RU004", "RU903"}, 0},
        Case{"AnotherWord", appup("", " %% relup:allows RU004 why"), Codes{"RU004"}, 0},
        Case{"OneOfTwoIsNeedless", appup("", " %% relup:allow RU004, RU902 why"), Codes{"RU901"},
             1},
        Case{"BehindTheFullStop",
             "{\"2.0\", [{\"1.0\", []}], [{\"1.0\", [restart]}]}. %% relup:allow RU004 why\n",
             Codes{}, 1},
        Case{"InATextThatDoesNotParse", "{\"2.0\", [}. %% relup:allow RU004 why\n", Codes{"RU001"},
             0}),
    [](const auto& test) { return test.param.name; });

TEST(Allowance, OfARuleThatNobodyHasLookedForIsNotNeedless) {
  EXPECT_THAT(codes(lint_text("{\"2.0\",\n [{\"1.0\", [ %% relup:allow RU201 why\n"
                              "  {load_module, shop}]}],\n [{\"1.0\", []}]}.\n")),
              IsEmpty());
}

TEST(Allowance, CountsForARuleThatIsTurnedOff) {
  const std::string text = appup("", " %% relup:allow RU004 why");
  EXPECT_THAT(codes(lint_text(text, "findings: {obsolete-restart: off}")), IsEmpty());
}

TEST(Findings, AreAsSevereAsThePolicySays) {
  const std::string text = appup("", " %% relup:allow RU004");
  EXPECT_THAT(codes(lint_text(text, "findings: {RU902: off}")), IsEmpty());
  EXPECT_EQ(lint_text(text, "findings: {RU902: error}").findings.front().severity, Severity::error);
}

TEST(Allowance, KnowsItsParts) {
  const SourceText source("shop.appup", "{a,\n  % relup:allow RU004 ,nothing  for us \n b}.\n");
  const auto allowances = read_allowances(source, {{6, 43}}, {47, 48});
  ASSERT_EQ(allowances.size(), 1U);
  const Allowance& one = allowances.front();
  EXPECT_EQ(one.reason, "for us");
  EXPECT_EQ(one.line, 3U);
  ASSERT_EQ(one.rules.size(), 2U);
  EXPECT_EQ(source.text(one.rules[0].span), "RU004");
  EXPECT_EQ(one.rules[0].rule->name, "obsolete-restart");
  EXPECT_EQ(source.text(one.rules[1].span), "nothing");
  EXPECT_EQ(one.rules[1].rule, nullptr);
}

}  // namespace
}  // namespace relup::lint
