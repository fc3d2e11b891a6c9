// SPDX-License-Identifier: Apache-2.0
//
// What the process table says of a node that does not answer.
#include "node/node_life.hpp"

#include <gtest/gtest.h>

#include "support/memory_file_system.hpp"

namespace relup::node {
namespace {

using State = NodeLife::State;

class ManualClock final : public Clock {
 public:
  std::chrono::system_clock::time_point wall() override { return {}; }
  std::chrono::steady_clock::time_point steady() override { return now_; }
  void sleep(Milliseconds duration) override { now_ += duration; }

 private:
  std::chrono::steady_clock::time_point now_;
};

class NodeLifeTest : public ::testing::Test {
 protected:
  static std::string zero_ended(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
      text += word + std::string(1, '\0');
    return text;
  }
  static std::string stat(const std::string& pid, const std::string& state,
                          const std::string& started) {
    std::string text = pid + " (beam (smp) x) " + state;
    for (int field = 4; field <= 21; ++field)
      text += " 7";
    return text + " " + started + " 0 0\n";
  }
  void run_node(const std::string& pid, const std::string& started,
                const std::string& root = "/opt/shop") {
    files_.add_file("/proc/" + pid + "/cmdline",
                    zero_ended({"/usr/lib/erlang/bin/beam.smp", "--", "-root", root, "-sname",
                                "shop@host", "-boot", root + "/releases/1/start"}));
    files_.add_file("/proc/" + pid + "/stat", stat(pid, "S", started));
  }
  void end(const std::string& pid) { files_.remove_all("/proc/" + pid); }

  support::MemoryFileSystem files_;
  ManualClock clock_;
  NodeLife life_{files_, clock_, "/opt/shop"};
};

TEST_F(NodeLifeTest, ANodeOfAnotherHostIsUnknown) {
  EXPECT_EQ(life_.look(), State::unknown);
  run_node("100", "5000");
  life_.follow("200");
  EXPECT_EQ(life_.look(), State::unknown);
  run_node("300", "5000", "/opt/other");
  life_.follow("300");
  EXPECT_EQ(life_.look(), State::unknown);
}

TEST_F(NodeLifeTest, ItIsDeadWhenNothingStartsItAgain) {
  run_node("100", "5000");
  life_.follow("100");
  EXPECT_EQ(life_.look(), State::lives);
  end("100");
  EXPECT_EQ(life_.look(), State::gone);
  clock_.sleep(Milliseconds{1'000});
  EXPECT_EQ(life_.look(), State::dead);
}

TEST_F(NodeLifeTest, AProcessThatWaitsForItsParentIsGone) {
  run_node("100", "5000");
  life_.follow("100");
  files_.add_file("/proc/100/stat", stat("100", "Z", "5000"));
  EXPECT_EQ(life_.look(), State::gone);
}

TEST_F(NodeLifeTest, AnotherProcessWithTheNumberIsNotTheNode) {
  run_node("100", "5000");
  life_.follow("100");
  files_.add_file("/proc/100/stat", stat("100", "S", "6000"));
  files_.add_file("/proc/100/cmdline", zero_ended({"sleep", "100"}));
  EXPECT_EQ(life_.look(), State::gone);
}

TEST_F(NodeLifeTest, AnotherProcessOfTheNodeIsTheNodeAgain) {
  run_node("100", "5000");
  life_.follow("100");
  end("100");
  EXPECT_EQ(life_.look(), State::gone);
  run_node("200", "6000");
  EXPECT_EQ(life_.look(), State::restarted);
  life_.follow("200");
  EXPECT_EQ(life_.look(), State::lives);
}

TEST_F(NodeLifeTest, WhileHeartIsAtWorkItMayComeAgain) {
  run_node("100", "5000");
  files_.add_file("/proc/101/cmdline",
                  zero_ended({"/opt/shop/erts/bin/heart", "-ht", "60", "-pid", "100"}));
  life_.follow("100");
  end("100");
  clock_.sleep(Milliseconds{5'000});
  EXPECT_EQ(life_.look(), State::gone);
  clock_.sleep(Milliseconds{5'000});
  EXPECT_EQ(life_.look(), State::gone);
  end("101");
  clock_.sleep(Milliseconds{1'000});
  EXPECT_EQ(life_.look(), State::dead);
}

}  // namespace
}  // namespace relup::node
