// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "diff/release_diff.hpp"

namespace relup::diff {
namespace {

// From the lowest to the highest; every pair is compared both ways.
const std::vector<std::string> ascending{
    "",
    "0.9",
    "1-alpha",
    "1",
    "1.0-alpha",
    "1.0-alpha.1",
    "1.0-beta",
    "1.0-rc.0",
    "1.0-rc.2",
    "1.0-rc.10",
    "1.0",
    "1.0.1-rc.0",
    "1.0.1",
    "1.0.4",
    "1.0.4+15-sha",
    "1.2",
    "1.10",
    "2.9.6-rc.0",
    "2.9.6",
    "10.0",
    "123456789012345678901234567890.0",
    "123456789012345678901234567891.0",
};

TEST(VersionOrder, IsByNumbers) {
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t k = 0; k < ascending.size(); ++k) {
      EXPECT_EQ(compare_versions(ascending[i], ascending[k]), i <=> k)
          << '"' << ascending[i] << "\" and \"" << ascending[k] << '"';
    }
  }
}

TEST(VersionOrder, LeadingZerosDoNotCount) {
  EXPECT_EQ(compare_versions("1.01", "1.1"), std::strong_ordering::equal);
  EXPECT_EQ(compare_versions("1.0", "1.00"), std::strong_ordering::equal);
}

}  // namespace
}  // namespace relup::diff
