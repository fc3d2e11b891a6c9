// SPDX-License-Identifier: Apache-2.0
#include "base/shell_command.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

namespace relup {
namespace {

constexpr Milliseconds patient{20'000};

ShellResult run(const std::string& command, Milliseconds patience = patient) {
  return run_shell(command, {"RELUP_VERSION=1.1.0"}, patience, no_interruption());
}

class InterruptedAlready final : public Interruption {
 public:
  std::optional<int> signal() override { return SIGTERM; }
};

TEST(ShellCommand, TellsHowItEnded) {
  EXPECT_EQ(run("exit 0").number, 0);
  EXPECT_EQ(run("exit 7").number, 7);
  EXPECT_EQ(run("exit 7").end, ShellEnd::exited);
  EXPECT_EQ(run("test \"$RELUP_VERSION\" = 1.1.0").number, 0);
  EXPECT_EQ(run("kill -9 $$").end, ShellEnd::killed);
  EXPECT_EQ(run("kill -9 $$").number, SIGKILL);
}

TEST(ShellCommand, EndsWhenItsTimeIsOverOrSomebodyWantsItTo) {
  EXPECT_EQ(run("sleep 600", Milliseconds{50}).end, ShellEnd::timed_out);
  InterruptedAlready interruption;
  EXPECT_EQ(run_shell("sleep 600", {}, patient, interruption).end, ShellEnd::interrupted);
}

TEST(ShellCommand, LeavesNobodyBehind) {
  const std::string file = ::testing::TempDir() + "/relup-shell-" + std::to_string(::getpid());
  EXPECT_EQ(run("sleep 600 & echo $! > " + file, patient).number, 0);
  // Gone, or a zombie that nobody has waited for yet.
  EXPECT_EQ(run("for N in $(seq 200); do case $(ps -o stat= -p $(cat " + file +
                ")) in Z*|'') exit 0;; esac; sleep 0.05; done; exit 1")
                .number,
            0);
  ::unlink(file.c_str());
}

}  // namespace
}  // namespace relup
