// SPDX-License-Identifier: Apache-2.0
//
// Every rule is held to its own page: it finds something in the wrong example and nothing in the
// right one. What the wrong example shows is kept below testdata/lint/expected/.
#include <gmock/gmock.h>

#include "base/diagnostic_json.hpp"
#include "base/diagnostic_text.hpp"
#include "lint/example.hpp"
#include "lint/rule_list.hpp"
#include "support/golden.hpp"

namespace relup::lint {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::Ne;

std::string text_of(const Diagnostics& findings) {
  std::string text;
  for (const Diagnostic& finding : findings)
    text += to_text(finding, {});
  return text;
}

class Rules : public ::testing::TestWithParam<const Rule*> {};

TEST_P(Rules, HaveAPage) {
  const Rule& rule = *GetParam();
  EXPECT_THAT(std::string(rule.code), testing::MatchesRegex("RU[0-9][0-9][0-9]"));
  EXPECT_THAT(std::string(rule.name), testing::MatchesRegex("[a-z]+(-[a-z]+)*"));
  for (const std::string_view part : {rule.summary, rule.page.what, rule.page.why, rule.page.wrong,
                                      rule.page.right, rule.page.allow}) {
    EXPECT_FALSE(part.empty());
  }
  const bool looks = rule.check_appup != nullptr || rule.check_upgrade != nullptr ||
                     rule.check_script != nullptr || rule.check_allowance != nullptr ||
                     !rule.compiler_rules.empty();
  EXPECT_TRUE(looks);
}

TEST_P(Rules, FindTheWrongExample) {
  const Diagnostics findings = lint_example(*GetParam(), Example::wrong);
  const std::string name(GetParam()->name);
  EXPECT_THAT(findings, Contains(Field(&Diagnostic::rule, name)));
  support::expect_golden("lint/expected/" + name + ".txt", text_of(findings));
  support::expect_golden("lint/expected/" + name + ".json", dump(to_json(findings)) + "\n");
}

TEST_P(Rules, FindNothingInTheRightExample) {
  const Diagnostics findings = lint_example(*GetParam(), Example::right);
  EXPECT_THAT(findings, Each(Field(&Diagnostic::rule, Ne(std::string(GetParam()->name)))))
      << text_of(findings);
}

INSTANTIATE_TEST_SUITE_P(All, Rules, ::testing::ValuesIn(all_rules()), [](const auto& test) {
  std::string name(test.param->name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace relup::lint
