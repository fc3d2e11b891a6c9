// SPDX-License-Identifier: Apache-2.0
#include "base/map_difference.hpp"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace relup {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Numbers = std::map<std::string, int>;

// "b: 1 -> 2", with "-" for what is not there.
std::vector<std::string> differences(const Numbers& old_map, const Numbers& new_map) {
  std::vector<std::string> told;
  const auto shown = [](const int* value) {
    return value == nullptr ? std::string("-") : std::to_string(*value);
  };
  for_each_difference(old_map, new_map, [&](const std::string& key, const int* was, const int* is) {
    told.push_back(key + ": " + shown(was) + " -> " + shown(is));
  });
  return told;
}

TEST(MapDifference, TellsEachKeyThatCameWentOrChangedInTheirOrder) {
  EXPECT_THAT(
      differences({{"a", 1}, {"b", 1}, {"d", 1}, {"e", 1}, {"z", 1}},
                  {{"b", 2}, {"c", 3}, {"d", 1}, {"f", 4}}),
      ElementsAre("a: 1 -> -", "b: 1 -> 2", "c: - -> 3", "e: 1 -> -", "f: - -> 4", "z: 1 -> -"));
}

TEST(MapDifference, OfAnEmptyMapIsAllOfTheOther) {
  EXPECT_THAT(differences({}, {{"a", 1}, {"b", 2}}), ElementsAre("a: - -> 1", "b: - -> 2"));
  EXPECT_THAT(differences({{"a", 1}, {"b", 2}}, {}), ElementsAre("a: 1 -> -", "b: 2 -> -"));
  EXPECT_THAT(differences({}, {}), IsEmpty());
}

TEST(MapDifference, OfEqualMapsIsNothing) {
  EXPECT_THAT(differences({{"a", 1}, {"b", 2}}, {{"a", 1}, {"b", 2}}), IsEmpty());
}

}  // namespace
}  // namespace relup
