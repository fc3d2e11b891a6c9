// SPDX-License-Identifier: Apache-2.0
#include "policy/scalar_places.hpp"

#include <gmock/gmock.h>

namespace relup::policy {
namespace {

using ::testing::ElementsAre;

// The places of `text` in `file`, whose scalar begins at its first character.
std::vector<std::uint32_t> places(std::string_view file, std::string_view text) {
  const auto found = scalar_places(file, 0, text);
  return found ? found->offsets : std::vector<std::uint32_t>();
}

TEST(ScalarPlaces, OfAPlainScalar) {
  EXPECT_THAT(places("ab: c", "ab"), ElementsAre(0, 1));
  EXPECT_THAT(places("a\n   b", "a b"), ElementsAre(0, 1, 5));
}

TEST(ScalarPlaces, OfQuotedScalars) {
  EXPECT_THAT(places(R"("ab")", "ab"), ElementsAre(1, 2));
  EXPECT_THAT(places(R"("a\"b\\c")", R"(a"b\c)"), ElementsAre(1, 3, 4, 5, 7));
  EXPECT_THAT(places("'it''s'", "it's"), ElementsAre(1, 2, 3, 5));
}

TEST(ScalarPlaces, OfBlockScalars) {
  EXPECT_THAT(places("|\n  ab\n  c\n", "ab\nc\n"), ElementsAre(4, 5, 6, 9, 10));
  EXPECT_THAT(places(">- # folded\r\n  a\r\n  b", "a b"), ElementsAre(15, 17, 20));
}

TEST(ScalarPlaces, KnowTheEnd) {
  EXPECT_EQ(scalar_places("ab: c", 0, "ab")->end, 2U);
  EXPECT_EQ(scalar_places("x: 'ab'", 3, "ab")->end, 7U);
  EXPECT_EQ(scalar_places(R"("")", 0, "")->end, 2U);
}

TEST(ScalarPlaces, AreNoneWhereTextAndFileDiffer) {
  EXPECT_EQ(scalar_places(R"("a\nb")", 0, "a\nb"), std::nullopt);
  EXPECT_EQ(scalar_places("ab", 0, "ax"), std::nullopt);
  EXPECT_EQ(scalar_places("ab", 0, "abc"), std::nullopt);
  EXPECT_EQ(scalar_places("ab", 2, "a"), std::nullopt);
}

}  // namespace
}  // namespace relup::policy
