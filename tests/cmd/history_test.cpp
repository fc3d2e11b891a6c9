// SPDX-License-Identifier: Apache-2.0
//
// relup history and relup recover, on a root whose journal is that of testdata/journal.
#include <sstream>

#include <gmock/gmock.h>

#include "base/file_system.hpp"
#include "cmd/workshop.hpp"
#include "support/golden.hpp"

namespace relup::cmd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class History : public ::testing::Test {
 protected:
  History() {
    workshop_.write("old/.relup/journal",
                    real_file_system().read(RELUP_TESTDATA "/journal/format-1.journal"));
  }
  Workshop workshop_;
};

TEST_F(History, SaysWhatWasDone) {
  const Answer answer = workshop_.call({"history", "--root", "old"});
  EXPECT_EQ(answer.status, 0) << answer.messages;
  support::expect_golden("journal/history.txt", answer.output);
  std::istringstream lines(answer.output);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(History, OfARootThatRelupHasNotChanged) {
  const Answer answer = workshop_.call({"history", "--root", "new"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.output, "relup has changed nothing here\n");
}

TEST_F(History, ShowsTheLastOnes) {
  EXPECT_THAT(workshop_.call({"history", "--last", "1", "--root", "old"}).output,
              AllOf(HasSubstr("2 remove"), Not(HasSubstr("1 upgrade"))));
  EXPECT_EQ(workshop_.call({"history", "--last", "many", "--root", "old"}).status, 2);
}

TEST_F(History, ATornLineIsTold) {
  workshop_.write("old/.relup/journal", workshop_.read("old/.relup/journal") + "0123 {\"ki");
  EXPECT_THAT(workshop_.call({"history", "--root", "old"}).output, HasSubstr("1 line"));
}

TEST_F(History, WhatComesFromTheJournalIsHarmless) {
  workshop_.write("old/.relup/journal", "\033[31m\n");
  EXPECT_THAT(workshop_.call({"history", "--root", "old"}).output, Not(HasSubstr("\033")));
}

class Recover : public History {};

TEST_F(Recover, EndsWhatIsOpenAndSaysSo) {
  const Answer answer = workshop_.call({"recover", "--root", "old"});
  EXPECT_EQ(answer.status, 0) << answer.messages;
  EXPECT_THAT(answer.output, HasSubstr("`relup remove` of root (pid 4800) was cut off after"));
  EXPECT_THAT(answer.output, HasSubstr("finished; a start boots 1.0.0\n"));
  EXPECT_EQ(workshop_.call({"recover", "--root", "old"}).output,
            "nothing to recover; a start boots 1.0.0\n");
}

TEST_F(Recover, IsDoneWhoeverReadsOfIt) {
  Call call{{"recover", "--root", "old"}};
  call.output_is_full = true;
  const Answer answer = workshop_.call(call);
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.messages, HasSubstr("the results could not be written to the output"));
}

TEST_F(Recover, MendsAFileThatIsEmpty) {
  workshop_.write("new/releases/start_erl.data", "");
  const Answer answer = workshop_.call({"recover", "--root", "new"});
  EXPECT_EQ(answer.status, 0) << answer.messages;
  EXPECT_THAT(answer.output, HasSubstr("mended; a start boots 1.1.0\n"));
  EXPECT_EQ(workshop_.read("new/releases/start_erl.data"), "13.1.5 1.1.0");
}

TEST_F(Recover, IsNotSureWithoutARelease) {
  workshop_.write("bare/releases/start_erl.data", "13.1.5 1.0.0");
  workshop_.write("bare/.relup/journal", workshop_.read("old/.relup/journal"));
  const Answer answer = workshop_.call({"recover", "--root", "bare"});
  EXPECT_EQ(answer.status, 5);
  EXPECT_THAT(answer.messages, HasSubstr("which release is to boot"));
}

}  // namespace
}  // namespace relup::cmd
