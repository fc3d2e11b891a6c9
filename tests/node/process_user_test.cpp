// SPDX-License-Identifier: Apache-2.0
#include "node/process_user.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/memory_file_system.hpp"

namespace relup::node {
namespace {

TEST(UserOfProcess, IsTheOneWhoseRightsItHas) {
  support::MemoryFileSystem files;
  files.add_file("/proc/12/status",
                 "Name:\tbeam.smp\nUid:\t0\t998\t998\t998\nGid:\t0\t997\t997\t997\n"
                 "FDSize:\t64\nGroups:\t4 997 \n");
  EXPECT_EQ(user_of_process(files, "/proc", "12"), (User{998, 997, {4, 997}}));
}

TEST(UserOfProcess, IsUnknownWhereNothingTellsIt) {
  support::MemoryFileSystem files;
  files.add_file("/proc/13/status", "Name:\tUid:\nUid:\t0\n");
  EXPECT_FALSE(user_of_process(files, "/proc", "12"));
  EXPECT_FALSE(user_of_process(files, "/proc", "13"));
}

TEST(UserOfProcess, IsOursForOurOwn) {
  const auto user = user_of_process(real_file_system(), "/proc", "self");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->id, effective_user());
  EXPECT_EQ(user->group, ::getegid());
}

}  // namespace
}  // namespace relup::node
