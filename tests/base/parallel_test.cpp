// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace relup {
namespace {

TEST(ForEachIndex, DoesEveryPieceOnce) {
  std::vector<std::atomic<int>> done(1000);
  for_each_index(done.size(), [&](std::size_t index) { ++done[index]; });
  for (const std::atomic<int>& count : done)
    EXPECT_EQ(count, 1);
}

TEST(ForEachIndex, NothingToDoIsFine) {
  for_each_index(0, [](std::size_t) { FAIL(); });
}

TEST(ForEachIndex, OfSeveralFailuresTheFirstPieceCounts) {
  for (int round = 0; round < 50; ++round) {
    try {
      for_each_index(100, [](std::size_t index) {
        if (index % 10 == 7) throw std::runtime_error(std::to_string(index));
      });
      FAIL() << "no failure";
    } catch (const std::runtime_error& failure) {
      EXPECT_STREQ(failure.what(), "7");
    }
  }
}

}  // namespace
}  // namespace relup
