// SPDX-License-Identifier: Apache-2.0
//
// A rule is found by its file, its folder, its code and its name; all of them say the same.
#include "lint/rule_list.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "lint/rule_group.hpp"

namespace relup::lint {
namespace {

std::string with_underscores(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

TEST(RuleList, HasEveryCodeAndNameOnce) {
  std::set<std::string_view> codes;
  std::set<std::string_view> names;
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(codes.insert(rule->code).second) << rule->code;
    EXPECT_TRUE(names.insert(rule->name).second) << rule->name;
  }
  EXPECT_EQ(all_rules().size(), rule_files().size());
}

TEST(RuleList, IsInTheOrderOfCodes) {
  for (std::size_t i = 1; i < all_rules().size(); ++i)
    EXPECT_LT(all_rules()[i - 1]->code, all_rules()[i]->code);
}

TEST(RuleFiles, LieInTheGroupOfTheirCode) {
  for (const RuleFile& file : rule_files())
    EXPECT_EQ(to_string(group_of(*file.rule)), file.folder) << file.rule->code;
}

TEST(RuleFiles, AreCalledLikeTheRule) {
  for (const RuleFile& file : rule_files())
    EXPECT_EQ(with_underscores(file.rule->name), file.name);
}

TEST(RuleList, FindsARuleByCodeAndNameInAnyCase) {
  for (const Rule* rule : all_rules()) {
    EXPECT_EQ(find_rule(rule->code), rule);
    EXPECT_EQ(find_rule(rule->name), rule);
  }
  EXPECT_EQ(find_rule("ru004"), find_rule("Obsolete-Restart"));
  EXPECT_EQ(find_rule("RU000"), nullptr);
}

TEST(RuleList, GivesEachFindingOfTheCompilerToOneRule) {
  std::set<std::string_view> known;
  for (const Rule* rule : all_rules()) {
    for (const std::string_view name : rule->compiler_rules) {
      EXPECT_TRUE(known.insert(name).second) << name;
      EXPECT_EQ(rule_of_compiler(name), rule);
    }
  }
}

}  // namespace
}  // namespace relup::lint
