// SPDX-License-Identifier: Apache-2.0
#include "appup/appup_name.hpp"

#include <gtest/gtest.h>

namespace relup::appup {
namespace {

TEST(AppupName, IsThatOfTheApplicationAndItsVersion) {
  EXPECT_EQ(appup_name(Atom("shop")), "shop.appup");
  EXPECT_EQ(appup_name(Atom("shop"), "2.9.6-rc.0"), "shop-2.9.6-rc.0.appup");
  EXPECT_EQ(appup_path("lib/shop-1.2", Atom("shop")), "lib/shop-1.2/ebin/shop.appup");
}

TEST(AppupName, IsToldFromThatOfOtherFiles) {
  EXPECT_TRUE(is_appup("lib/shop/ebin/shop.appup"));
  EXPECT_TRUE(is_appup("src/shop.appup.src"));
  EXPECT_FALSE(is_appup("shop.app"));
  EXPECT_FALSE(is_appup("shop.appup.txt"));
}

TEST(AppupName, TellsTheForm) {
  EXPECT_EQ(form_of("shop.appup"), AppupForm::plain);
  for (const char* name : {"shop.appup.src", "shop.appup.in", "shop.appup.src.script"}) {
    EXPECT_EQ(form_of(name), AppupForm::erlang_template) << name;
  }
  EXPECT_EQ(form_of("src/shop.appup.pre.src"), AppupForm::part);
  EXPECT_EQ(form_of("src/shop.appup.post.src"), AppupForm::part);
  for (const char* name : {"appup.exs", "rel/appup.ex", "shop.appup.exs"}) {
    EXPECT_EQ(form_of(name), AppupForm::elixir) << name;
  }
  EXPECT_EQ(form_of("lib/gen_appup.ex"), std::nullopt);
}

// The name ends at the first hyphen; a version may have more of them.
TEST(AppupName, LeadsBackToTheApplication) {
  EXPECT_EQ(application_of("out/shop-2.9.6-rc.0.appup").name(), "shop");
  EXPECT_EQ(application_of("lib/a.b-1/ebin/shop.appup").name(), "shop");
  EXPECT_EQ(application_of("shop.appup.src").name(), "shop");
  EXPECT_EQ(application_of("src/shop.appup.pre.src").name(), "shop");
  EXPECT_EQ(application_of("rel/appups/shop/1.0.0_to_2.0.0-rc.1.appup").name(), "shop");
}

}  // namespace
}  // namespace relup::appup
