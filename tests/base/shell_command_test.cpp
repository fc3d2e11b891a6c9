// SPDX-License-Identifier: Apache-2.0
#include "base/shell_command.hpp"

#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace relup {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

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

struct Aloud {
  ShellResult result;
  std::vector<std::string> lines;
};

Aloud run_aloud(const std::string& command, const std::string& input = "",
                Milliseconds patience = patient) {
  Aloud aloud;
  aloud.result = run_shell_aloud(
      {command, {"RELUP_VERSION=1.1.0"}, input, patience},
      [&](const std::string& line) { aloud.lines.push_back(line); }, no_interruption());
  return aloud;
}

TEST(ShellCommand, ReadsWhatItIsGivenAndIsHeardLineByLine) {
  const std::string large(1U << 20U, 'x');
  EXPECT_THAT(run_aloud("wc -c", large).lines, ElementsAre("1048576"));
  const Aloud both = run_aloud("echo one; echo two >&2; printf three; exit 4", "unread");
  EXPECT_THAT(both.lines, ElementsAre("one", "two", "three"));
  EXPECT_EQ(both.result.end, ShellEnd::exited);
  EXPECT_EQ(both.result.number, 4);
  EXPECT_THAT(run_aloud("cat; cat", "a\n\nb\n").lines, ElementsAre("a", "", "b"));
}

TEST(ShellCommand, IsHeardWhileItRuns) {
  const std::string file = ::testing::TempDir() + "/relup-heard-" + std::to_string(::getpid());
  // It ends when its first line was told.
  const ShellResult result = run_shell_aloud(
      {"echo begun; until test -e " + file + "; do sleep 0.02; done", {}, "", patient},
      [&](const std::string&) { ::close(::open(file.c_str(), O_CREAT | O_CLOEXEC, 0600)); },
      no_interruption());
  EXPECT_EQ(result.end, ShellEnd::exited);
  ::unlink(file.c_str());
}

TEST(ShellCommand, IsCutOffWithWhatItHasSaid) {
  const Aloud late = run_aloud("echo begun; sleep 600", "", Milliseconds{300});
  EXPECT_EQ(late.result.end, ShellEnd::timed_out);
  EXPECT_THAT(late.lines, ElementsAre("begun"));
  // It has closed its outputs, and goes on.
  EXPECT_EQ(run_aloud("exec >&- 2>&-; sleep 600", "", Milliseconds{200}).result.end,
            ShellEnd::timed_out);
  const Aloud endless = run_aloud("yes", "", Milliseconds{500});
  EXPECT_LE(endless.lines.size(), 1001U);
}

TEST(ShellCommand, SeesNoOtherDescriptorsThanItsThree) {
  const int secret = ::open("/etc/hostname", O_RDONLY);  // NOLINT: it is left to children
  ASSERT_GT(secret, 2);
  const std::string fall = "ls /proc/self/fd/" + std::to_string(secret) + " >/dev/null";
  EXPECT_EQ(std::system(fall.c_str()), 0);
  // Of ls itself one is open, for the directory that it lists.
  EXPECT_THAT(run_aloud("ls /proc/self/fd").lines, ElementsAre("0", "1", "2", "3"));
  EXPECT_EQ(run(fall).number, 2);
  ::close(secret);
}

TEST(ShellCommand, SeesNoSecretsOfOurEnvironment) {
  ::setenv("RELEASE_COOKIE", "secret", 1);
  ::setenv("LC_TIME", "C", 1);
  EXPECT_THAT(run_aloud("env").lines,
              AllOf(Contains("RELUP_VERSION=1.1.0"), Contains("LC_TIME=C"),
                    Contains(StartsWith("PATH=")), Not(Contains(HasSubstr("secret")))));
  EXPECT_EQ(run("test -z \"$RELEASE_COOKIE\"").number, 0);
  ::unsetenv("RELEASE_COOKIE");
}

}  // namespace
}  // namespace relup
