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

// The name ends at the first hyphen; a version may have more of them.
TEST(AppupName, LeadsBackToTheApplication) {
  EXPECT_EQ(application_of("out/shop-2.9.6-rc.0.appup").name(), "shop");
  EXPECT_EQ(application_of("lib/a.b-1/ebin/shop.appup").name(), "shop");
  EXPECT_EQ(application_of("shop.appup.src").name(), "shop");
}

}  // namespace
}  // namespace relup::appup
