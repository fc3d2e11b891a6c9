// SPDX-License-Identifier: Apache-2.0
//
// A start that was tried is not tried once more as long as it would look at the same; and whatever
// of that is another is seen.
#include <fstream>

#include "live/live_test.hpp"
#include "live/rehearsal.hpp"

namespace relup::live_tests {
namespace {

using live::Rehearsal;

class StartTrialTest : public LiveTest {
 protected:
  StartTrialTest() {
    start(standard_builds());
    line_ = connect();
    host_.root = site_.root();
    agent_ = std::make_unique<live::AgentVerbs>(*line_, host_);
    plan_.erts = release_erts();
    plan_.boot_file = site_.root() / "releases/1.0.0/start.boot";
    plan_.settings = Term();
  }

  std::string release_erts() const {
    std::ifstream file(site_.root() / "releases/start_erl.data");
    std::string erts;
    file >> erts;
    return erts;
  }

  Rehearsal try_again(const Rehearsal& earlier) {
    return live::rehearse(*agent_, site_.root(), plan_, no_interruption(), earlier);
  }
  // Whether it is the answer of before that is given.
  bool is_known(Rehearsal earlier) {
    earlier.told = "the one of before";
    return try_again(earlier).told == earlier.told;
  }

  std::unique_ptr<node::NodeChannel> line_;
  host::Host host_;
  std::unique_ptr<live::AgentVerbs> agent_;
  live::RehearsalPlan plan_;
};

TEST_F(StartTrialTest, WhatItLooksAtIsKnownAgain) {
  const Rehearsal first = try_again({});
  ASSERT_EQ(first.end, Rehearsal::End::holds) << first.told;
  ASSERT_TRUE(first.mark);
  EXPECT_TRUE(is_known(first));

  const live::RehearsalPlan plan = plan_;
  plan_.flags = {"+zdbbl", "2048"};
  EXPECT_FALSE(is_known(first));
  plan_ = plan;
  plan_.settings = Term::list({Term::tuple({Term::atom("tally"), Term()})});
  EXPECT_FALSE(is_known(first));
  plan_ = plan;
  EXPECT_TRUE(is_known(first));

  const auto beam = site_.root() / "lib/tally-1.0.0/ebin/tally_format.beam";
  ASSERT_TRUE(std::filesystem::exists(beam));
  const auto time = std::filesystem::last_write_time(beam);
  std::fstream(beam, std::ios::in | std::ios::out | std::ios::binary) << "XXXX";
  std::filesystem::last_write_time(beam, time);
  EXPECT_FALSE(is_known(first));
  EXPECT_EQ(try_again(first).end, Rehearsal::End::fails);
}

// Their content is not looked at, so nobody knows whether they are the same.
TEST_F(StartTrialTest, FlagsThatNameFilesLeaveNoMark) {
  plan_.flags = {"-pa", site_.root() / "patches"};
  const Rehearsal first = try_again({});
  EXPECT_EQ(first.end, Rehearsal::End::holds) << first.told;
  EXPECT_FALSE(first.mark);
}

}  // namespace
}  // namespace relup::live_tests
