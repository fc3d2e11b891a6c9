// SPDX-License-Identifier: Apache-2.0
#include "base/nearest_name.hpp"

#include <gtest/gtest.h>

namespace relup {
namespace {

const std::vector<std::string> names{"purge", "change", "extra"};

TEST(NearestName, IsTheOneWithTheFewestLettersToChange) {
  EXPECT_EQ(nearest_name("purg", names), "purge");
  EXPECT_EQ(nearest_name("chnage", names), "change");
  EXPECT_EQ(nearest_name("extra", names), "extra");
}

TEST(NearestName, IsEmptyWhereNoneIsNear) {
  EXPECT_EQ(nearest_name("timeout", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name(std::string(1000, 'x'), {std::string(1001, 'x')}), "");
}

}  // namespace
}  // namespace relup
