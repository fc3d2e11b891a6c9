// SPDX-License-Identifier: Apache-2.0
//
// What an appup must name, and what it need not.
#include <gmock/gmock.h>

#include "lint/border_test.hpp"
#include "lint/example.hpp"

namespace relup::lint {
namespace {

class CompletenessBorders : public ::testing::TestWithParam<Border> {};

TEST_P(CompletenessBorders, AreWhereTheyShouldBe) {
  EXPECT_EQ(findings_of("borders-completeness", "RU2", GetParam()), GetParam().findings);
}

const std::vector<Border>& borders() {
  static const std::vector<Border> all{
      {"complete",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {}},
      {"forgotten",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}",
       "{load_module, shop}",
       {"RU201 error: down to \"1.0\" has no instruction for shop_gone (comes), shop_new (goes)"}},
      {"unchanged",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {load_module, "
       "shop_price}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU202 warning: shop_price did not change"}},
      {"rebuilt",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {load_module, "
       "shop_line}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU202 note: shop_line was compiled anew into the same code"}},
      {"supervisor_that_lists_others",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {update, "
       "shop_sup, supervisor}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {}},
      {"supervisor_that_is_loaded",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {load_module, "
       "shop_sup}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU202 warning: shop_sup did not change"}},
      {"code_change_that_works",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {update, "
       "shop_cart, {advanced, []}}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {}},
      {"soft_update",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {update, "
       "shop_cart}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU202 warning: shop_cart did not change"}},
      {"restart", "{restart_application, shop}", "{restart_application, shop}", {}},
      {"misspelt_delete",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {delete_module, "
       "shop_gonne}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU203 warning: neither release has the module shop_gonne"}},
      {"load_of_a_removed_one",
       "{load_module, shop}, {add_module, shop_new}, {load_module, shop_gone}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU203 error: release 2.0 does not have shop_gone"}},
      {"add_of_a_changed_one",
       "{add_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU208 warning: shop is no new module: both releases have it"}},
      {"load_of_a_new_one",
       "{load_module, shop}, {load_module, shop_new}, {delete_module, shop_gone}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU208 note: shop_new is new in release 2.0"}},
      {"load_of_a_new_one_in_full",
       "{load_module, shop}, {load_module, shop_new, soft_purge, soft_purge, []}, "
       "{delete_module, shop_gone}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {}},
      {"delete_of_one_that_stays",
       "{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, {delete_module, "
       "shop_price}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU208 error: shop_price is deleted, but release 2.0 has it"}},
      {"tie_to_another_application",
       "{load_module, shop, [till]}, {add_module, shop_new}, {delete_module, shop_gone}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {}},
      {"tie_to_nothing",
       "{load_module, shop, [shop_cost]}, {add_module, shop_new}, {delete_module, shop_gone}",
       "{load_module, shop}, {delete_module, shop_new}, {add_module, shop_gone}",
       {"RU205 error: shop depends on shop_cost, for which there is no instruction"}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, CompletenessBorders, ::testing::ValuesIn(borders()),
                         [](const auto& test) { return test.param.name; });

Border only_up(const char* up) {
  return {"fix", up, "", {}};
}

TEST(CompletenessFixes, TakeOutWhatIsNeedless) {
  const auto fixed = [](const char* group, const char* up) {
    return fixed_appup("borders-completeness", group, only_up(up));
  };
  EXPECT_EQ(fixed("RU202", "{load_module, shop_price}"), appup_of(only_up("")));
  EXPECT_EQ(fixed("RU202", "{load_module, shop_price},\n {load_module, shop}"),
            appup_of(only_up("{load_module, shop}")));
  EXPECT_EQ(fixed("RU202", "{load_module, shop}, {load_module, shop_price}"),
            appup_of(only_up("{load_module, shop}")));
  EXPECT_EQ(fixed("RU205", "{load_module, shop, [shop_price, shop]}"),
            appup_of(only_up("{load_module, shop, [shop]}")));
  EXPECT_EQ(fixed("RU208", "{add_module, shop}"), appup_of(only_up("{load_module, shop}")));
  EXPECT_EQ(fixed("RU208", "{load_module, shop_new, [shop]}"),
            appup_of(only_up("{add_module, shop_new, [shop]}")));
}

TEST(CompletenessFixes, AreNotThereWhereTheyAreNotCertain) {
  for (const char* up : {"{load_module, shop_price}, {load_module, shop, [shop_price]}",
                         "{load_module, shop_price}, {apply, {shop, run, [shop_price]}}",
                         "{load_module, shop} % both\n, {load_module, shop_price}"}) {
    EXPECT_THROW(fixed_appup("borders-completeness", "RU202", only_up(up)), std::runtime_error)
        << up;
  }
}

Diagnostics findings_of_rule(const std::string& fixture, const std::string& code,
                             const std::string& appup) {
  Diagnostics findings = lint_against(fixture, appup);
  std::erase_if(findings, [&](const auto& each) { return each.code != code; });
  return findings;
}

// For 1.1, say, the module may have changed: what the entry needs for it must not be taken out.
TEST(NeedlessModule, IsANoteWithoutAFixWhereOtherVersionsAreServed) {
  const auto appup = [](const std::string& version) {
    return "{\"2.0\", [{" + version +
           ", [{load_module, shop}, {add_module, shop_new}, {delete_module, shop_gone}, "
           "{load_module, shop_price}]}], [{\"1.0\", [restart_emulator]}]}.\n";
  };
  const Diagnostics of_one = findings_of_rule("borders-completeness", "RU202", appup("\"1.0\""));
  ASSERT_EQ(of_one.size(), 1U);
  EXPECT_EQ(of_one.front().severity, Severity::warning);
  EXPECT_TRUE(of_one.front().fix);
  const Diagnostics of_some =
      findings_of_rule("borders-completeness", "RU202", appup("<<\"1\\\\.[0-9]\">>"));
  ASSERT_EQ(of_some.size(), 1U);
  EXPECT_EQ(of_some.front().severity, Severity::note);
  EXPECT_FALSE(of_some.front().fix);
}

TEST(MissedModule, IsANoteWhereOnlyAttributesDiffer) {
  const Diagnostics findings = findings_of_rule("borders-attributes", "RU201",
                                                "{\"2.0\", [{\"1.0\", [{load_module, shop}]}],\n"
                                                " [{\"1.0\", [{load_module, shop_author}]}]}.\n");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings.front().severity, Severity::note);
  EXPECT_THAT(findings.front().message, ::testing::HasSubstr("shop_author"));
  EXPECT_EQ(findings.back().severity, Severity::error);
  EXPECT_THAT(findings.back().message, ::testing::HasSubstr("shop (changes)"));
}

}  // namespace
}  // namespace relup::lint
