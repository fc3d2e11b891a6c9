// SPDX-License-Identifier: Apache-2.0
#include "policy/name_pattern.hpp"

#include <gtest/gtest.h>

namespace relup::policy {
namespace {

TEST(NamePattern, MatchesAName) {
  EXPECT_TRUE(NamePattern("shop").matches("shop"));
  EXPECT_FALSE(NamePattern("shop").matches("shop_cart"));
  EXPECT_FALSE(NamePattern("shop_cart").matches("shop"));
}

TEST(NamePattern, HasStarsForAnyText) {
  EXPECT_TRUE(NamePattern("*").matches("shop"));
  EXPECT_TRUE(NamePattern("shop*").matches("shop"));
  EXPECT_TRUE(NamePattern("*_test").matches("shop_test_test"));
  EXPECT_FALSE(NamePattern("*_test").matches("shop_tests"));
  EXPECT_TRUE(NamePattern("Elixir.*.V*").matches("Elixir.Shop.Cart.V2"));
  EXPECT_TRUE(NamePattern("a*b**c").matches("axbxbyc"));
  EXPECT_FALSE(NamePattern("a*b*c").matches("acb"));
}

TEST(NamePattern, TakesManyStarsQuickly) {
  std::string pattern;
  for (int i = 0; i < 5000; ++i)
    pattern += "a*";
  EXPECT_FALSE(NamePattern(pattern + "b").matches(std::string(20000, 'a')));
}

TEST(NamePattern, IsWhatCanNameAModule) {
  for (const char* name : {"shop", "Elixir.Shop.Cart", "*", "PKIX1Explicit88", "a-b", "a@b", "é"})
    EXPECT_TRUE(is_name_pattern(name)) << name;
  for (const char* name : {"", "a b", "a, b", "'a'", "<<", "lib/shop"})
    EXPECT_FALSE(is_name_pattern(name)) << name;
}

}  // namespace
}  // namespace relup::policy
