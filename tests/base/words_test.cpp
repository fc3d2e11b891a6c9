// SPDX-License-Identifier: Apache-2.0
#include "base/words.hpp"

#include <gtest/gtest.h>

namespace relup {
namespace {

TEST(Words, AreJoined) {
  EXPECT_EQ(joined({}), "");
  EXPECT_EQ(joined({"a"}), "a");
  EXPECT_EQ(joined({"a", "b", "c"}), "a, b, c");
  EXPECT_EQ(joined({"a", "b"}, "; "), "a; b");
}

TEST(Words, AreCounted) {
  EXPECT_EQ(counted(0, "module"), "0 modules");
  EXPECT_EQ(counted(1, "module"), "1 module");
  EXPECT_EQ(counted(2, "module"), "2 modules");
}

}  // namespace
}  // namespace relup
