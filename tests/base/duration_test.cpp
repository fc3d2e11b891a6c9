// SPDX-License-Identifier: Apache-2.0
#include "base/duration.hpp"

#include <gtest/gtest.h>

namespace relup {
namespace {

TEST(Duration, IsReadAsPeopleWriteIt) {
  EXPECT_EQ(parse_duration("0"), Milliseconds{0});
  EXPECT_EQ(parse_duration("500ms"), Milliseconds{500});
  EXPECT_EQ(parse_duration("10s"), Milliseconds{10'000});
  EXPECT_EQ(parse_duration("5m"), Milliseconds{300'000});
  EXPECT_EQ(parse_duration("2h"), Milliseconds{7'200'000});
  EXPECT_EQ(parse_duration("0s"), Milliseconds{0});
}

TEST(Duration, IsNothingElse) {
  for (const char* text : {"", "10", "s", "-5s", "5 s", "1.5s", "5d", "5ss", "soon", "8761h",
                           "99999999999999999999s", "9223372036854775807h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, IsToldInTwoPartsAtMost) {
  EXPECT_EQ(duration_text(Milliseconds{350}), "350 ms");
  EXPECT_EQ(duration_text(Milliseconds{4'250}), "4.2 s");
  EXPECT_EQ(duration_text(Milliseconds{60'000}), "1 min");
  EXPECT_EQ(duration_text(Milliseconds{580'000}), "9 min 40 s");
  EXPECT_EQ(duration_text(Milliseconds{7'500'000}), "2 h 5 min");
}

}  // namespace
}  // namespace relup
