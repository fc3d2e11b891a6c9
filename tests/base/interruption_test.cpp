// SPDX-License-Identifier: Apache-2.0
#include "base/interruption.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

namespace relup {
namespace {

// Each in a process of its own: what has come stays.
TEST(InterruptionDeathTest, IsTheFirstSignalAndASecondOneChangesNothing) {
  EXPECT_EXIT(
      {
        Interruption& interruption = interruption_of_process();
        if (interruption.signal()) ::_exit(1);
        ::raise(SIGTERM);
        ::raise(SIGINT);
        ::raise(SIGTERM);
        ::_exit(interruption.signal() == SIGTERM ? 0 : 2);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(InterruptionDeathTest, IsNotWhatTheStarterWantsIgnored) {
  EXPECT_EXIT(
      {
        ::signal(SIGHUP, SIG_IGN);
        Interruption& interruption = interruption_of_process();
        ::raise(SIGHUP);
        ::_exit(interruption.signal() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(InterruptionDeathTest, IsAReaderThatHasGone) {
  EXPECT_EXIT(
      {
        int ends[2];
        if (::pipe(ends) != 0) ::_exit(1);
        ::dup2(ends[1], STDOUT_FILENO);
        Interruption& interruption = interruption_of_process();
        if (interruption.signal()) ::_exit(2);
        ::close(ends[0]);
        ::_exit(interruption.signal() == SIGPIPE ? 0 : 3);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(Interruption, SaysWhatHappened) {
  EXPECT_EQ(Interrupted(SIGINT, "nothing was changed").message(),
            "interrupted (SIGINT); nothing was changed");
  EXPECT_EQ(Interrupted(SIGPIPE, "nothing was changed").message(),
            "nobody reads the output any more; nothing was changed");
}

}  // namespace
}  // namespace relup
