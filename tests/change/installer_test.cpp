// SPDX-License-Identifier: Apache-2.0
//
// The installer against a model of a node and a file system in memory. What counts: the order of
// the steps; that what fails before the install leaves no trace; and that a failed install is told
// as what the node makes of it.
#include "change/installer.hpp"

#include <cerrno>

#include "change/change_test.hpp"

namespace relup::change {
namespace {

using node::Delivery;
using node::NodeError;
using node::NodeFailure;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using InstallerTest = ChangeTest;

TEST_F(InstallerTest, GoesStepByStep) {
  const Outcome outcome = upgrade();
  EXPECT_EQ(outcome.from, "1.0.0");
  EXPECT_EQ(outcome.to, "1.1.0");
  EXPECT_TRUE(outcome.committed);
  EXPECT_THAT(outcome.notes, IsEmpty());
  EXPECT_THAT(progress_.steps, ElementsAre("connect", "verify", "stage", "check", "install",
                                           "prove", "drain", "commit"));
  std::vector<std::string> handler_calls;
  for (const std::string& call : model_.calls) {
    const std::string prefix = "release_handler:";
    if (call.starts_with(prefix)) handler_calls.push_back(call.substr(prefix.size()));
  }
  EXPECT_THAT(handler_calls,
              ElementsAre("which_releases", "set_unpacked", "check_install_release",
                          "install_release", "which_releases", "make_permanent", "which_releases"));
  EXPECT_EQ(model_.find("1.1.0")->status, "permanent");
  EXPECT_EQ(model_.find("1.0.0")->status, "old");
  EXPECT_TRUE(files_.is_file(root + "/lib/shop-1.1.0/ebin/shop_stats.beam"));
  EXPECT_FALSE(files_.is_directory(root + "/.relup-staging"));
}

TEST_F(InstallerTest, WhatTheScriptSaysIsTold) {
  model_.lines = Term::list({Term::binary("the shelves are closed"), Term::binary("and open")});
  upgrade();
  EXPECT_THAT(progress_.said, ElementsAre("the shelves are closed", "and open"));
}

TEST_F(InstallerTest, ThePublishedFilesAreThoseOfTheTarball) {
  upgrade();
  for (const std::string& path : files_.files_below("/build/shop/lib/shop-1.1.0")) {
    EXPECT_EQ(files_.read(root + path.substr(std::string("/build/shop").size())),
              files_.read(path));
  }
}

// A release brings all of OTP, and an upgrade changes a few libraries of it.
TEST_F(InstallerTest, ALibraryThatTheRootHasIsNotUnpacked) {
  for (const std::string& path : files_.files_below("/build/shop/lib/shop-1.1.0"))
    files_.add_file(root + path.substr(std::string("/build/shop").size()), files_.read(path));
  std::vector<std::string> created;
  files_.set_hook([&](const std::string& action, const std::string& path) {
    if (action == "create") created.push_back(path);
  });
  EXPECT_TRUE(upgrade().committed);
  files_.set_hook({});
  const auto is_staged = [&](const std::string& directory) {
    return std::any_of(created.begin(), created.end(), [&](const std::string& path) {
      return path.starts_with(root + "/.relup-staging/" + directory);
    });
  };
  EXPECT_TRUE(is_staged("releases/1.1.0/"));
  EXPECT_FALSE(is_staged("lib/"));
}

TEST_F(InstallerTest, AReleaseWithoutARelupGetsOne) {
  files_.remove_file("/build/shop/releases/1.1.0/relup");
  replace_in_tarball(files_, "releases/1.1.0/sys.config", "[].");
  EXPECT_TRUE(upgrade().committed);
  EXPECT_THAT(progress_.steps, ::testing::Contains("generate"));
  EXPECT_THAT(files_.read(root + "/releases/1.1.0/relup"), HasSubstr("shop_server"));
}

// The new release is unpacked and the node knows it, and its tarball lies there, too.
class RepackedTest : public InstallerTest {
 protected:
  RepackedTest() {
    const std::string packed = files_.read(tarball);
    unpack_by_hand(files_);
    files_.add_file(tarball, packed);
    model_.releases.insert(model_.releases.begin(), {"1.1.0", "unpacked"});
    model_.write_releases_file();
  }

  void repack() {
    replace_in_tarball(files_, "releases/1.1.0/sys.config", "[{shop, []}].");
    const std::string app = "lib/shop-1.1.0/ebin/shop.app";
    replace_in_tarball(files_, app, files_.read("/build/shop/" + app) + "% packed again\n");
  }
};

TEST_F(RepackedTest, TheSameIsTakenAsItIs) {
  EXPECT_TRUE(upgrade().committed);
  EXPECT_THAT(progress_.steps, Not(::testing::Contains("stage")));
}

TEST_F(RepackedTest, AnotherContentIsUnpackedAnew) {
  repack();
  EXPECT_TRUE(upgrade().committed);
  EXPECT_THAT(progress_.steps, ::testing::Contains("stage"));
  EXPECT_EQ(files_.read(root + "/releases/1.1.0/sys.config"), "[{shop, []}].");
  EXPECT_THAT(files_.read(root + "/lib/shop-1.1.0/ebin/shop.app"), HasSubstr("packed again"));
  EXPECT_EQ(count("release_handler:set_removed"), 1U);
}

TEST_F(RepackedTest, WhatFailsBringsTheUnpackedOneBack) {
  repack();
  const Snapshot before = snapshot();
  model_.check_answer = tagged("error", Term::atom("no"));
  error_of([&] { upgrade(); });
  EXPECT_THAT(progress_.steps, ::testing::Contains("stage"));
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
  ASSERT_NE(model_.find("1.1.0"), nullptr);
  EXPECT_EQ(model_.find("1.1.0")->status, "unpacked");
}

TEST_F(RepackedTest, WhatWasInstalledOnceIsReplacedOnlyByATarballThatIsNamed) {
  repack();
  model_.find("1.1.0")->status = "old";
  ChangeRequest request{"1.1.0"};
  request.commit = CommitWhen::later;
  installer().change(request);
  EXPECT_THAT(progress_.steps, Not(::testing::Contains("verify")));
  installer().rollback();
  model_.install_behaviour = InstallBehaviour::works;
  request.tarball = tarball;
  installer().change(request);
  EXPECT_EQ(files_.read(root + "/releases/1.1.0/sys.config"), "[{shop, []}].");
}

TEST_F(RepackedTest, ATarballThatIsNamedMustBeThere) {
  ChangeRequest request{"1.1.0"};
  request.tarball = "/nonexistent";
  const auto error = error_of([&] { installer().change(request); });
  EXPECT_EQ(error->code(), ErrorCode::usage);
  EXPECT_THAT(error->message(), HasSubstr("there is no tarball /nonexistent"));
}

TEST_F(RepackedTest, WhatARestartWouldBootIsNotReplaced) {
  repack();
  files_.add_file(root + "/releases/start_erl.data", "13.1.5 1.1.0");
  const Snapshot before = snapshot();
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::answer_is_no);
  EXPECT_THAT(error->message(), HasSubstr("which a restart would boot"));
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
}

TEST_F(InstallerTest, WithTrustedKeysAnUnsignedTarballIsRefused) {
  files_.add_file("/etc/relup/key.pub",
                  "-----BEGIN PUBLIC KEY-----\n"
                  "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                  "-----END PUBLIC KEY-----\n");
  const Snapshot before = snapshot();
  ChangeRequest request{"1.1.0"};
  request.trusted_keys = {"/etc/relup/key.pub"};
  const auto error = error_of([&] { installer().change(request); });
  EXPECT_EQ(error->code(), ErrorCode::bad_input);
  EXPECT_THAT(error->message(), HasSubstr("shop-1.1.0.tar.gz: is not signed"));
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
}

TEST_F(InstallerTest, MissingReleasesFileIsSeededBeforeAnythingIsRegistered) {
  files_.remove_file(root + "/releases/RELEASES");
  upgrade();
  const auto position = [&](const std::string& call) {
    return std::find(model_.calls.begin(), model_.calls.end(), call) - model_.calls.begin();
  };
  EXPECT_GT(count("agent:settle"), 0U);
  EXPECT_LT(position("agent:settle"), position("release_handler:set_unpacked"));
}

TEST_F(InstallerTest, UncommittedItCanBeCommittedOrRolledBack) {
  EXPECT_FALSE(upgrade(CommitWhen::later).committed);
  EXPECT_EQ(model_.find("1.1.0")->status, "current");
  EXPECT_EQ(files_.read(root + "/releases/start_erl.data"), "13.1.5 1.0.0");
  const auto refused = error_of([&] { installer().change({"1.1.0"}); });
  EXPECT_EQ(refused->code(), ErrorCode::answer_is_no);
  const Outcome back = installer().rollback();
  EXPECT_EQ(back.from, "1.1.0");
  EXPECT_EQ(back.to, "1.0.0");
  EXPECT_EQ(model_.running(), "1.0.0");
  model_.install_behaviour = InstallBehaviour::works;
  EXPECT_EQ(error_of([&] { installer().rollback(); })->code(), ErrorCode::answer_is_no);
  upgrade(CommitWhen::later);
  EXPECT_TRUE(installer().commit().committed);
  EXPECT_EQ(files_.read(root + "/releases/start_erl.data"), "13.1.5 1.1.0");
  EXPECT_EQ(error_of([&] { installer().commit(); })->code(), ErrorCode::answer_is_no);
}

TEST_F(InstallerTest, ADowngradeGoesByTheDownScriptOnly) {
  upgrade();
  const auto wrong_way = error_of([&] { installer().change({"1.0.0"}); });
  EXPECT_EQ(wrong_way->code(), ErrorCode::usage);
  EXPECT_THAT(wrong_way->hint(), HasSubstr("relup downgrade 1.0.0"));
  const Outcome outcome = installer().change({"1.0.0", appup::Direction::down});
  EXPECT_TRUE(outcome.committed);
  EXPECT_EQ(model_.running(), "1.0.0");
}

TEST_F(InstallerTest, RemovesOnlyWhatIsNotInUse) {
  EXPECT_EQ(error_of([&] { installer().remove("1.0.0"); })->code(), ErrorCode::answer_is_no);
  EXPECT_EQ(error_of([&] { installer().remove("7"); })->code(), ErrorCode::usage);
  upgrade();
  EXPECT_EQ(installer().remove("1.0.0").from, "1.0.0");
  EXPECT_EQ(model_.find("1.0.0"), nullptr);
}

TEST_F(InstallerTest, ASecondOneIsTurnedAwayAndTouchesNothing) {
  const auto held = files_.try_lock(root + "/releases/.relup.lock", "pid 7 (relup upgrade)");
  const auto refused = error_of([&] { upgrade(); });
  EXPECT_EQ(refused->code(), ErrorCode::unavailable);
  EXPECT_THAT(refused->message(), HasSubstr("pid 7 (relup upgrade)"));
  EXPECT_EQ(model_.connections, 0);
  EXPECT_THAT(progress_.steps, IsEmpty());
}

TEST_F(InstallerTest, LeftoversOfAnAttemptThatWasCutOffAreNoObstacle) {
  files_.add_file(root + "/.relup-staging/lib/shop-1.1.0/ebin/half.beam", "half");
  files_.add_file(root + "/releases/1.1.0/half", "half");
  upgrade();
  EXPECT_FALSE(files_.is_file(root + "/lib/shop-1.1.0/ebin/half.beam"));
  EXPECT_FALSE(files_.is_file(root + "/releases/1.1.0/half"));
  EXPECT_EQ(model_.running(), "1.1.0");
}

TEST_F(InstallerTest, ADirectoryThatWasInTheWayComesBackWhenTheCheckFails) {
  files_.add_file(root + "/releases/1.1.0/notes.txt", "somebody's own");
  model_.check_answer = tagged("error", Term::atom("no"));
  const Snapshot before = snapshot();
  error_of([&] { upgrade(); });
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
}

// Nothing of these is to be seen afterwards: each fails before the install.
struct Refusal {
  const char* name;
  std::function<void(support::MemoryFileSystem&, NodeModel&)> prepare;
  ErrorCode code;
  const char* message;
};

class RefusedChange : public InstallerTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(RefusedChange, LeavesTheHostAsItWas) {
  GetParam().prepare(files_, model_);
  const Snapshot before = snapshot();
  const std::size_t known = model_.releases.size();
  const auto error = error_of([&] { upgrade(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), GetParam().code) << error->message();
  EXPECT_THAT(error->message(), HasSubstr(GetParam().message));
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
  EXPECT_EQ(model_.releases.size(), known);
  EXPECT_EQ(count("release_handler:install_release"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedChange,
    ::testing::Values(
        Refusal{"no_tarball", [](auto& files, auto&) { files.remove_file(tarball); },
                ErrorCode::usage, "there is no release 1.1.0"},
        Refusal{"cut_off",
                [](auto& files, auto&) {
                  const std::string bytes = files.read(tarball);
                  files.add_file(tarball, bytes.substr(0, bytes.size() / 2));
                },
                ErrorCode::bad_input, "shop-1.1.0.tar.gz"},
        Refusal{"disk_too_small", [](auto& files, auto&) { files.set_free_bytes(100); },
                ErrorCode::bad_input, "not enough space"},
        Refusal{"a_relup_that_leads_elsewhere",
                [](auto& files, auto&) {
                  replace_in_tarball(files, "releases/1.1.0/relup", "{\"1.1.0\", [], []}.");
                },
                ErrorCode::bad_input, "no relup leads from 1.0.0 to 1.1.0"},
        Refusal{"damaged_relup",
                [](auto& files, auto&) {
                  replace_in_tarball(files, "releases/1.1.0/relup", "{\"1.1.0\", [");
                },
                ErrorCode::bad_input, "releases/1.1.0/relup"},
        Refusal{"same_version_other_code",
                [](auto& files, auto&) {
                  files.add_file(root + "/lib/shop-1.1.0/ebin/shop.app", "other");
                },
                ErrorCode::bad_input, "another shop.app"},
        Refusal{"running_already",
                [](auto& files, auto& model) {
                  unpack_by_hand(files);
                  model.releases = {{"1.1.0", "permanent"}};
                  model.write_releases_file();
                  model.start_with("1.1.0");
                },
                ErrorCode::answer_is_no, "is running already"},
        Refusal{"nothing_runs",
                [](auto&, auto& model) {
                  model.releases = {{"1.0.0", "old"}};
                  model.runs_no_release = true;
                },
                ErrorCode::bad_input, "runs no release"},
        Refusal{"the_handler_says_no",
                [](auto&, auto& model) {
                  model.check_answer =
                      tagged("error", tagged("bad_relup_file", Term::string("relup")));
                },
                ErrorCode::bad_input, "is damaged or of another release"},
        Refusal{"the_handler_says_no_after_seeding",
                [](auto& files, auto& model) {
                  files.remove_file(root + "/releases/RELEASES");
                  model.check_answer = tagged("error", Term::atom("no"));
                },
                ErrorCode::bad_input, "check_install_release"},
        Refusal{"old_code_in_use",
                [](auto&, auto& model) { model.holders["shop_server"] = {{"cashier"}}; },
                ErrorCode::answer_is_no, "shop_server: cashier"}),
    [](const auto& test) { return test.param.name; });

// Every change of the file system fails once, in one run each: as on a full disk, or a broken one.
class BrokenDisk : public InstallerTest, public ::testing::WithParamInterface<int> {};

TEST_P(BrokenDisk, AnywhereBeforeTheInstallLeavesTheHostAsItWas) {
  const Snapshot before = snapshot();
  std::size_t failures = 0;
  for (std::size_t fail_at = 0; model_.running() == "1.0.0"; ++fail_at) {
    ASSERT_LT(fail_at, 1000U);
    std::size_t at = 0;
    std::string broken;
    files_.set_hook([&](const std::string& action, const std::string& path) {
      const bool is_before_install = count("release_handler:install_release") == 0;
      if (!is_before_install || at++ != fail_at) return;
      broken = action + " " + path;
      throw system_error(action, path, GetParam());
    });
    try {
      upgrade();
      files_.set_hook({});
      EXPECT_TRUE(broken.empty()) << broken << " went unnoticed";
    } catch (const Error& error) {
      files_.set_hook({});
      ++failures;
      ASSERT_FALSE(broken.empty()) << error.message();
      ASSERT_THAT(differences(before, snapshot()), IsEmpty()) << broken;
      ASSERT_EQ(model_.releases.size(), 1U) << broken;
      // The record that an install is asked for is the last of them.
      ASSERT_THAT(error.code(), AnyOf(ErrorCode::bad_input, ErrorCode::rolled_back)) << broken;
    }
  }
  EXPECT_GT(failures, 20U);
}

INSTANTIATE_TEST_SUITE_P(Errors, BrokenDisk, ::testing::Values(ENOSPC, EIO));

TEST_F(InstallerTest, AFullDiskSaysWhatToDo) {
  files_.set_byte_budget(300);
  const auto error = error_of([&] { upgrade(); });
  EXPECT_THAT(error->message(), HasSubstr("No space left on device"));
  EXPECT_THAT(error->hint(), HasSubstr("free some space"));
}

// Every call to the node breaks once, in one run each.
struct BrokenCall {
  const char* name;
  NodeFailure failure;
  Delivery delivery;
  bool is_done_first;  // the node has run the call
};

class BrokenLine : public InstallerTest, public ::testing::WithParamInterface<BrokenCall> {
 protected:
  // Breaks call number `fail_at`; its name, empty when there were not so many before the install.
  std::string break_call(std::size_t fail_at) {
    std::string broken;
    std::size_t at = 0;
    const auto breaker = [&](const std::string& call) {
      if (count("release_handler:install_release") > 0) return;
      if (call == "release_handler:install_release" || at++ != fail_at) return;
      broken = call;
      throw NodeError(GetParam().failure, GetParam().delivery, "cut");
    };
    (GetParam().is_done_first ? model_.after : model_.before) = breaker;
    try {
      upgrade();
    } catch (const Error& error) {
      EXPECT_FALSE(broken.empty()) << error.message();
    }
    model_.before = model_.after = {};
    return broken;
  }
};

TEST_P(BrokenLine, BeforeTheInstallLeavesTheHostAsItWas) {
  const Snapshot before = snapshot();
  std::set<std::string> broken_calls;
  for (std::size_t fail_at = 0; model_.running() == "1.0.0"; ++fail_at) {
    ASSERT_LT(fail_at, 1000U);
    const std::string broken = break_call(fail_at);
    if (broken.empty()) continue;
    broken_calls.insert(broken);
    ASSERT_THAT(differences(before, snapshot()), IsEmpty()) << broken;
    ASSERT_EQ(model_.releases.size(), 1U) << broken;
    model_.calls.clear();
  }
  EXPECT_THAT(broken_calls, ::testing::IsSupersetOf({"release_handler:which_releases",
                                                     "release_handler:set_unpacked",
                                                     "release_handler:check_install_release"}));
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenLine,
    ::testing::Values(
        BrokenCall{"never_sent", NodeFailure::connection_lost, Delivery::not_sent, false},
        BrokenCall{"lost_on_the_way", NodeFailure::connection_lost, Delivery::unknown, false},
        BrokenCall{"lost_on_the_way_back", NodeFailure::connection_lost, Delivery::unknown, true},
        BrokenCall{"no_answer", NodeFailure::no_answer, Delivery::unknown, true},
        BrokenCall{"crashed", NodeFailure::call_failed, Delivery::answered, false}),
    [](const auto& test) { return test.param.name; });

struct InstallEnd {
  const char* name;
  InstallBehaviour behaviour;
  std::optional<ErrorCode> code;  // none: it went through
  const char* running;
};

class InstallEnds : public InstallerTest, public ::testing::WithParamInterface<InstallEnd> {};

TEST_P(InstallEnds, AreToldAsWhatTheNodeMakesOfThem) {
  const Snapshot before = snapshot();
  model_.install_behaviour = GetParam().behaviour;
  std::optional<ErrorCode> code;
  try {
    upgrade();
  } catch (const Error& error) {
    code = error.code();
    EXPECT_NE(error.cause(), nullptr);
  }
  EXPECT_EQ(code, GetParam().code);
  EXPECT_EQ(model_.code_version(), GetParam().running);
  if (code == ErrorCode::rolled_back) {
    EXPECT_THAT(differences(before, snapshot()), IsEmpty());
  }
  if (!code) {
    EXPECT_EQ(model_.find("1.1.0")->status, "permanent");
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, InstallEnds,
    ::testing::Values(
        InstallEnd{"works", InstallBehaviour::works, std::nullopt, "1.1.0"},
        InstallEnd{"restarts", InstallBehaviour::restarts, std::nullopt, "1.1.0"},
        InstallEnd{"the_answer_is_lost", InstallBehaviour::installs_silent, std::nullopt, "1.1.0"},
        InstallEnd{"refuses", InstallBehaviour::refuses, ErrorCode::rolled_back, "1.0.0"},
        InstallEnd{"dies", InstallBehaviour::dies_old, ErrorCode::rolled_back, "1.0.0"},
        InstallEnd{"dies_for_good", InstallBehaviour::dies_for_good, ErrorCode::uncertain, "1.0.0"},
        InstallEnd{"loads_nothing", InstallBehaviour::loads_nothing, ErrorCode::rolled_back,
                   "1.0.0"}),
    [](const auto& test) { return test.param.name; });

TEST_F(InstallerTest, WrongCodeThatCannotBeTakenBackIsUncertain) {
  model_.install_behaviour = InstallBehaviour::loads_nothing;
  model_.after = [&](const std::string& call) {
    if (call == "release_handler:install_release") {
      model_.install_behaviour = InstallBehaviour::refuses;
    }
  };
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncertain);
  EXPECT_THAT(error->cause()->message(), HasSubstr("does not run the code of 1.1.0"));
  EXPECT_THAT(error->hint(), HasSubstr("relup status"));
}

TEST_F(InstallerTest, ANodeThatComesBackLateIsWaitedFor) {
  model_.install_behaviour = InstallBehaviour::restarts;
  int sleeps = 0;
  clock_.on_sleep = [&] { model_.is_down = ++sleeps < 40; };
  model_.after = [&](const std::string& call) {
    if (call == "release_handler:install_release") model_.is_down = true;
  };
  EXPECT_TRUE(upgrade().committed);
  EXPECT_GE(sleeps, 40);
}

TEST_F(InstallerTest, OldCodeThatIsAboutToBeLeftIsWaitedFor) {
  model_.holders["shop_server"] = {{"cashier"}, {"cashier"}, {}};
  EXPECT_TRUE(upgrade().committed);
}

TEST_F(InstallerTest, OldCodeThatIsStillInUseAfterASoftUpgradeIsANote) {
  model_.after = [&](const std::string& call) {
    if (call == "release_handler:install_release") model_.holders["shop_price"] = {{"cashier"}};
  };
  const Outcome outcome = upgrade();
  EXPECT_TRUE(outcome.committed);
  EXPECT_THAT(outcome.notes, ElementsAre("still in old code of shop_price: cashier"));
}

}  // namespace
}  // namespace relup::change
