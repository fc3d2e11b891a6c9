// SPDX-License-Identifier: Apache-2.0
//
// Work on the files of the host, which takes long and needs no line to the node, ends when the node
// has died meanwhile, or when somebody wants it to end: in the step, and with nothing left of it.

#include <csignal>

#include "change/change_test.hpp"

namespace relup::change {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DeadNodeTest : public ChangeTest {
 protected:
  DeadNodeTest() {
    run_node(model_.os_pid);
    before_ = snapshot();
  }

  // The emulator as the process table has it.
  void run_node(const std::string& pid) {
    using std::string_literals::operator""s;
    files_.add_file("/proc/" + pid + "/cmdline",
                    "beam.smp\0--\0-root\0"s + root + "\0-sname\0shop\0"s);
    std::string stat = pid + " (beam.smp) S";
    for (int field = 4; field <= 22; ++field)
      stat += " 7";
    files_.add_file("/proc/" + pid + "/stat", stat + "\n");
  }
  void die() {
    files_.remove_all("/proc/" + model_.os_pid);
    model_.is_down = true;
  }

  // Whenever somebody could stop the work, a tenth of a second has gone by. Behind the end of
  // `step` that does `what`, once.
  void behind(const std::string& step, const std::function<void()>& what) {
    interruption_.on_question = [this, step, what, is_done = false]() mutable {
      clock_.sleep(Milliseconds{100});
      if (is_done || progress_.steps.empty() || progress_.steps.back() != step) return;
      is_done = true;
      what();
    };
  }
  std::optional<Error> error_of_upgrade() {
    return error_of([&] { upgrade(); });
  }
  void expect_nothing_changed() {
    EXPECT_THAT(differences(before_, snapshot()), IsEmpty());
    EXPECT_EQ(count("release_handler:set_unpacked"), 0U);
  }

  Snapshot before_;
};

TEST_F(DeadNodeTest, WhileTheTarballIsVerifiedItIsTold) {
  behind("connect", [&] { die(); });
  const auto error = error_of_upgrade();
  EXPECT_THAT(error->message(), HasSubstr("has died before the install of 1.1.0; nothing on this "
                                          "host was changed"));
  EXPECT_THAT(progress_.steps, ElementsAre("connect", "verify failed"));
  expect_nothing_changed();
}

TEST_F(DeadNodeTest, WhileTheReleaseIsUnpackedItIsTold) {
  behind("verify", [&] { die(); });
  const auto error = error_of_upgrade();
  EXPECT_THAT(error->message(), HasSubstr("has died before the install of 1.1.0; nothing on this "
                                          "host was changed"));
  EXPECT_THAT(progress_.steps, ElementsAre("connect", "verify", "stage failed"));
  expect_nothing_changed();
}

TEST_F(DeadNodeTest, OneThatWasStartedAnewIsToldAsWell) {
  behind("verify", [&] {
    die();
    run_node("4712");
  });
  const auto error = error_of_upgrade();
  EXPECT_EQ(error->code(), ErrorCode::unavailable);
  EXPECT_THAT(error->message(), HasSubstr("was started anew meanwhile"));
  EXPECT_THAT(progress_.steps, ElementsAre("connect", "verify"));
  expect_nothing_changed();
}

TEST_F(DeadNodeTest, ASignalIsHeardBetweenTwoFiles) {
  // Behind the questions between the two steps.
  interruption_.on_question = [this, asked = 0]() mutable {
    const bool is_verified = !progress_.steps.empty() && progress_.steps.back() == "verify";
    if (is_verified && ++asked == 10) interruption_.number = SIGTERM;
  };
  const auto error = error_of_upgrade();
  EXPECT_EQ(error->code(), ErrorCode::interrupted);
  EXPECT_THAT(error->message(), HasSubstr("nothing was changed"));
  EXPECT_THAT(progress_.steps, ElementsAre("connect", "verify", "stage failed"));
  expect_nothing_changed();
}

}  // namespace
}  // namespace relup::change
