// SPDX-License-Identifier: Apache-2.0
//
// How often a start of the new release is tried in an upgrade: once before the install, and once
// more before the commit if anything is another then that the first one has looked at.
#include "change/change_test.hpp"

namespace relup::change {
namespace {

class StartTrialTest : public ChangeTest {
 protected:
  void hold_with(const Term& mark) { model_.start_answer = tagged("holds", mark); }
};

TEST_F(StartTrialTest, OnceWhereNothingIsAnotherBeforeTheCommit) {
  hold_with(Term::string("mark"));
  model_.start_mark = Term::string("mark");
  upgrade();
  EXPECT_EQ(model_.starts_tried, 1);
}

TEST_F(StartTrialTest, OnceMoreWhereSomethingIs) {
  hold_with(Term::string("mark"));
  model_.start_mark = Term::string("another");
  upgrade();
  EXPECT_EQ(model_.starts_tried, 2);
}

TEST_F(StartTrialTest, OnceMoreWhereNobodyCanTell) {
  upgrade();
  EXPECT_EQ(model_.starts_tried, 2);
}

TEST_F(StartTrialTest, ACommitOfItsOwnTriesIt) {
  hold_with(Term::string("mark"));
  model_.start_mark = Term::string("mark");
  upgrade(CommitWhen::later);
  EXPECT_EQ(model_.starts_tried, 1);
  installer().commit();
  EXPECT_EQ(model_.starts_tried, 2);
}

// What breaks between install and commit is seen by the second one.
TEST_F(StartTrialTest, WhatDoesNotStartAnyMoreIsNotCommitted) {
  hold_with(Term::string("mark"));
  model_.after = [this](const std::string& call) {
    if (call != "release_handler:install_release") return;
    model_.start_mark = Term::string("another");
    model_.start_answer = tagged("fails", Term::string("no such file"));
  };
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted);
  EXPECT_EQ(model_.running(), "1.1.0");
}

TEST_F(StartTrialTest, AnAnswerThatWasLostIsAskedForAnew) {
  model_.start_answer = tagged("lost", Term::string("gone"));
  model_.after = [this](const std::string&) {
    if (model_.starts_tried >= 2) hold_with(Term::atom("none"));
  };
  upgrade(CommitWhen::later);
  EXPECT_EQ(model_.starts_tried, 2);
}

}  // namespace
}  // namespace relup::change
