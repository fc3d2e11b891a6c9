// SPDX-License-Identifier: Apache-2.0
//
// The ends of a change: who still runs old code and is waited for, told, or killed; what somebody
// who wants it to end leaves behind; probes, and a release that has to be confirmed.
#include <csignal>

#include "change/change_test.hpp"

namespace relup::change {
namespace {

using node::Delivery;
using node::NodeError;
using node::NodeFailure;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string soft = "{load,{shop_price,soft_purge,soft_purge}}";

class EndingTest : public ChangeTest {
 protected:
  // Of shop_price, in all scripts.
  void purge(const std::string& before, const std::string& after) {
    std::string relup = files_.read("/build/shop/releases/1.1.0/relup");
    const std::string wanted = "{load,{shop_price," + before + "," + after + "}}";
    for (std::size_t at = 0; (at = relup.find(soft, at)) != std::string::npos; at += wanted.size())
      relup.replace(at, soft.size(), wanted);
    ASSERT_THAT(relup, HasSubstr(wanted));
    replace_in_tarball(files_, "releases/1.1.0/relup", relup);
  }

  // From the install on.
  void stay_in_old_code(const std::string& process) {
    model_.after = [this, process](const std::string& call) {
      if (call == "release_handler:install_release") model_.holders["shop_price"] = {{process}};
    };
  }

  ChangeRequest request() { return {"1.1.0"}; }
  Milliseconds waited() {
    return std::chrono::duration_cast<Milliseconds>(clock_.steady() - begin_);
  }

  std::chrono::steady_clock::time_point begin_ = clock_.steady();
};

TEST_F(EndingTest, WhoWouldBeKilledByTheCommitStopsIt) {
  purge("brutal_purge", "brutal_purge");
  stay_in_old_code("cashier");
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted);
  EXPECT_THAT(error->message(), HasSubstr("1 in shop_price: cashier"));
  EXPECT_THAT(error->hint(), HasSubstr("relup commit --kill shop_price"));
  EXPECT_THAT(error->hint(), HasSubstr("a restart boots 1.0.0"));
  EXPECT_EQ(count("release_handler:make_permanent"), 0U);
  EXPECT_EQ(model_.running(), "1.1.0");
  EXPECT_THAT(model_.purges, IsEmpty());
  EXPECT_THAT(progress_.told, Contains("drain: 1 in shop_price: cashier"));
  EXPECT_EQ(error_of([&] { installer().commit(); })->code(), ErrorCode::uncommitted);
  model_.holders.clear();
  EXPECT_TRUE(installer().commit().committed);
}

TEST_F(EndingTest, AsLongAsTheCallerSays) {
  purge("soft_purge", "brutal_purge");
  stay_in_old_code("cashier");
  ChangeRequest impatient = request();
  impatient.end.drain_timeout = Milliseconds{0};
  EXPECT_EQ(error_of([&] { installer().change(impatient); })->code(), ErrorCode::uncommitted);
  EXPECT_EQ(waited(), Milliseconds{0});
  EndRequest patient;
  patient.drain_timeout = Milliseconds{60'000};
  EXPECT_EQ(error_of([&] { installer().commit(patient); })->code(), ErrorCode::uncommitted);
  EXPECT_GE(waited(), Milliseconds{60'000});
}

// The release handler remembers what an install before the last one has left.
TEST_F(EndingTest, WhatAnEarlierInstallWouldPurgeStopsTheCommit) {
  model_.purged_by_commit = {Atom("shop_cart")};
  model_.holders["shop_cart"] = {{"till"}};
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted);
  EXPECT_THAT(error->message(), HasSubstr("shop_cart: till"));
}

TEST_F(EndingTest, OnlyWhoseModuleIsNamedIsKilledAndTheyAreToldFirst) {
  purge("soft_purge", "brutal_purge");
  model_.after = [&](const std::string& call) {
    if (call != "release_handler:install_release") return;
    model_.holders["shop_price"] = {{"cashier", "till"}};
    model_.holders["shop_server"] = {{"clerk"}};
  };
  ChangeRequest kills = request();
  kills.end.kill = {Atom("shop_price")};
  const Outcome outcome = installer().change(kills);
  EXPECT_TRUE(outcome.committed);
  EXPECT_THAT(model_.purges, ElementsAre("brutal shop_price: cashier", "brutal shop_price: till"));
  EXPECT_THAT(progress_.told, Contains("drain: kills 2 in shop_price: cashier, till"));
  EXPECT_THAT(outcome.notes, ElementsAre("killed, in old code: 2 in shop_price: cashier, till",
                                         "still in old code of shop_server: clerk"));
  ASSERT_EQ(outcome.killed.size(), 1U);
  EXPECT_EQ(outcome.killed.front().module, Atom("shop_price"));
}

TEST_F(EndingTest, ANamedModuleThatTheChangeDoesNotTouchIsAWrongCall) {
  ChangeRequest slip = request();
  slip.end.kill = {Atom("shop_prize")};
  const auto error = error_of([&] { installer().change(slip); });
  EXPECT_EQ(error->code(), ErrorCode::usage);
  EXPECT_THAT(error->message(), HasSubstr("shop_prize"));
  EXPECT_EQ(model_.running(), "1.0.0");
}

// Whoever an earlier change has left in old code.
TEST_F(EndingTest, WhoWouldBeKilledByTheLoadStopsTheInstall) {
  purge("brutal_purge", "soft_purge");
  model_.holders["shop_price"] = {{"cashier"}};
  const Snapshot before = snapshot();
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::answer_is_no);
  EXPECT_THAT(error->message(), HasSubstr("would kill"));
  EXPECT_THAT(error->message(), HasSubstr("shop_price: cashier"));
  EXPECT_THAT(error->hint(), HasSubstr("--kill shop_price"));
  EXPECT_EQ(count("release_handler:install_release"), 0U);
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());

  ChangeRequest kills = request();
  kills.end.kill = {Atom("shop_price")};
  EXPECT_TRUE(installer().change(kills).committed);
  EXPECT_THAT(model_.purges, ElementsAre("brutal shop_price: cashier"));
  EXPECT_THAT(progress_.told, Contains("kill: kills 1 in shop_price: cashier"));
}

TEST_F(EndingTest, WhoWouldBeKilledByTheLoadStopsARollback) {
  purge("brutal_purge", "soft_purge");
  upgrade(CommitWhen::later);
  model_.holders["shop_price"] = {{"cashier"}};
  const auto error = error_of([&] { installer().rollback(); });
  EXPECT_EQ(error->code(), ErrorCode::answer_is_no);
  EXPECT_EQ(model_.running(), "1.1.0");
  EXPECT_EQ(installer().rollback({Atom("shop_price")}).to, "1.0.0");
  EXPECT_THAT(model_.purges, ElementsAre("brutal shop_price: cashier"));
}

// Somebody wants it to end at each question, in one run each.
TEST_F(EndingTest, AnInterruptionAnywhereEndsOldOrNewAndSaysWhich) {
  const Snapshot before = snapshot();
  std::size_t undone = 0;
  std::size_t kept = 0;
  bool is_through = false;
  for (int question = 0; !is_through; ++question) {
    ASSERT_LT(question, 100);
    SCOPED_TRACE(question);
    int asked = 0;
    interruption_.number.reset();
    interruption_.on_question = [&] {
      if (asked++ == question) interruption_.number = SIGTERM;
    };
    model_.calls.clear();
    model_.holders.clear();
    try {
      is_through = upgrade().committed;
    } catch (const Interrupted& error) {
      ++undone;
      EXPECT_EQ(error.signal(), SIGTERM);
      EXPECT_THAT(error.message(), HasSubstr("nothing was changed"));
      EXPECT_EQ(count("release_handler:install_release"), 0U);
      EXPECT_THAT(differences(before, snapshot()), IsEmpty());
      EXPECT_EQ(model_.releases.size(), 1U);
    } catch (const Error& error) {
      ++kept;
      EXPECT_EQ(error.code(), ErrorCode::uncommitted) << error.message();
      EXPECT_THAT(error.message(), HasSubstr("SIGTERM"));
      EXPECT_EQ(model_.running(), "1.1.0");
      EXPECT_EQ(model_.find("1.1.0")->status, "current");
      interruption_.on_question = {};
      interruption_.number.reset();
      installer().rollback();
      installer().remove("1.1.0");
      files_.remove_all(root + "/lib/shop-1.1.0");
      files_.remove_all(root + "/releases/1.1.0");
    }
  }
  EXPECT_GE(undone, 5U);
  EXPECT_GE(kept, 3U);
}

TEST_F(EndingTest, AnInterruptionWhileTheNodeInstallsIsHeardWhenItHas) {
  model_.before = [&](const std::string& call) {
    if (call == "release_handler:install_release") interruption_.number = SIGINT;
  };
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted);
  EXPECT_THAT(error->message(), HasSubstr("interrupted (SIGINT)"));
  EXPECT_EQ(model_.running(), "1.1.0");
  EXPECT_THAT(progress_.steps, Contains("prove"));
}

TEST_F(EndingTest, WhileItWaitsItHearsAtOnce) {
  purge("soft_purge", "brutal_purge");
  stay_in_old_code("cashier");
  clock_.on_sleep = [&] { interruption_.number = SIGHUP; };
  EXPECT_EQ(error_of([&] { upgrade(); })->code(), ErrorCode::uncommitted);
  EXPECT_LE(waited(), Milliseconds{1'000});
}

TEST_F(EndingTest, ALineThatBreaksAfterTheInstallIsFoundAgain) {
  purge("soft_purge", "brutal_purge");
  model_.after = [&](const std::string& call) {
    if (call != "release_handler:install_release") return;
    model_.holders["shop_price"] = {{"cashier"}, {"cashier"}, {}};
  };
  int breaks = 0;
  clock_.on_sleep = [&] {
    if (breaks++ == 0) {
      model_.before = [&](const std::string&) {
        model_.before = {};
        throw NodeError(NodeFailure::connection_lost, Delivery::unknown, "cut");
      };
    }
  };
  EXPECT_TRUE(upgrade().committed);
  EXPECT_GE(breaks, 1);
}

TEST_F(EndingTest, ALineThatDoesNotComeBackLeavesTheReleaseUncommitted) {
  purge("soft_purge", "brutal_purge");
  stay_in_old_code("cashier");
  clock_.on_sleep = [&] {
    model_.before = [](const std::string&) {
      throw NodeError(NodeFailure::no_answer, Delivery::unknown, "no answer");
    };
  };
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted);
  EXPECT_THAT(error->message(), HasSubstr("the line to the node is lost"));
  EXPECT_LE(waited(), Milliseconds{15'000});
}

TEST_F(EndingTest, ALineThatIsGoneBeforeTheProofLeavesTheReleaseUncommitted) {
  model_.after = [&](const std::string& call) {
    if (call != "release_handler:install_release") return;
    // The end of the install is still heard, with what the script has said, and forgotten.
    model_.before = [questions = 3](const std::string& name) mutable {
      if (name.ends_with(":ask") && questions-- > 0) return;
      throw NodeError(NodeFailure::no_answer, Delivery::unknown, "no answer");
    };
  };
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted) << error->message();
}

TEST_F(EndingTest, AProbeThatDoesNotHoldTakesTheReleaseBack) {
  ChangeRequest probed = request();
  probed.probes.commands = {"curl -f localhost"};
  std::vector<std::string> environment;
  shell_ = [&](const std::string&, const std::vector<std::string>& words) {
    environment = words;
    return ShellResult{ShellEnd::exited, 22};
  };
  const auto error = error_of([&] { installer().change(probed); });
  EXPECT_EQ(error->code(), ErrorCode::rolled_back);
  EXPECT_THAT(error->cause()->message(), HasSubstr("`curl -f localhost` does not hold"));
  EXPECT_THAT(error->cause()->message(), HasSubstr("22"));
  EXPECT_THAT(environment, ElementsAre("RELUP_VERSION=1.1.0", "RELUP_NODE=shop@127.0.0.1"));
  EXPECT_EQ(model_.running(), "1.0.0");
  EXPECT_EQ(count("release_handler:make_permanent"), 0U);
}

TEST_F(EndingTest, AProbeIsAskedUntilTheCommit) {
  purge("soft_purge", "brutal_purge");
  stay_in_old_code("cashier");
  ChangeRequest probed = request();
  probed.probes.functions = {{Atom("shop_health"), Atom("check")}};
  int sleeps = 0;
  clock_.on_sleep = [&] {
    if (++sleeps != 9) return;
    model_.holders.clear();  // else going back would have to wait for them
    model_.holders["shop_cart"] = {{"till"}};
    model_.purged_by_commit = {Atom("shop_cart")};
    model_.probe_answer = "it returned false, and not true or ok";
  };
  const auto error = error_of([&] { installer().change(probed); });
  EXPECT_EQ(error->code(), ErrorCode::rolled_back);
  EXPECT_THAT(error->cause()->message(), HasSubstr("shop_health:check/0"));
  EXPECT_EQ(model_.running(), "1.0.0");
}

TEST_F(EndingTest, GoingBackKillsNobodyEither) {
  purge("brutal_purge", "brutal_purge");
  stay_in_old_code("cashier");
  ChangeRequest probed = request();
  probed.probes.functions = {{Atom("shop_health"), Atom("check")}};
  model_.probe_answer = "it returned false, and not true or ok";
  const auto error = error_of([&] { installer().change(probed); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted);
  EXPECT_THAT(error->message(), HasSubstr("shop_health:check/0 does not hold"));
  EXPECT_THAT(error->message(), HasSubstr("1 in shop_price: cashier"));
  EXPECT_EQ(model_.running(), "1.1.0");
  EXPECT_THAT(model_.purges, IsEmpty());
}

TEST_F(EndingTest, AReleaseToBeConfirmedIsNotCommittedAndTheNodeKnows) {
  purge("brutal_purge", "soft_purge");
  ChangeRequest confirmed = request();
  confirmed.commit = CommitWhen::later;
  confirmed.confirm_within = Milliseconds{600'000};
  bool was_armed_before_the_install = false;
  model_.before = [&](const std::string& call) {
    if (call == "release_handler:install_release")
      was_armed_before_the_install = model_.confirmation.has_value();
  };
  EXPECT_FALSE(installer().change(confirmed).committed);
  EXPECT_TRUE(was_armed_before_the_install);
  const Term way = Term::tuple({Term::string("1.1.0"), Term::string("1.0.0")});
  EXPECT_EQ(*model_.confirmation,
            tagged("confirm_within", Term::string(root), way, atom_list({Atom("shop_price")}),
                   Term(std::int64_t{600'000}), model_.confirmation->as_tuple()->back()));
  const Term back = model_.confirmation->as_tuple()->back();  // {How, Quiesce}
  EXPECT_TRUE(back.as_tuple()->front().is_tagged("engine", 3));
  installer().rollback();
  EXPECT_FALSE(model_.confirmation);
}

TEST_F(EndingTest, WhetherTheNodeWasRestartedIsTold) {
  Installer without = installer();
  EXPECT_EQ(without.node_restart(), NodeRestart::unknown);
  without.change(request());
  EXPECT_EQ(without.node_restart(), NodeRestart::no);
  without.change({"1.0.0", appup::Direction::down});

  model_.install_behaviour = InstallBehaviour::dies_old;
  Installer with = installer();
  EXPECT_EQ(error_of([&] { with.change({"1.1.0"}); })->code(), ErrorCode::rolled_back);
  EXPECT_EQ(with.node_restart(), NodeRestart::yes);
  EXPECT_EQ(with.outcome().from, "1.0.0");
}

}  // namespace
}  // namespace relup::change
