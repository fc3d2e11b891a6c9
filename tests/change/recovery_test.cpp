// SPDX-License-Identifier: Apache-2.0
//
// What `recover` makes of what a killed relup leaves, case by case; crash_test.cpp tries all places
// where one can be killed.
#include "change/recovery.hpp"

#include "base/digest.hpp"
#include "change/change_test.hpp"
#include "host/boot_state.hpp"
#include "host/guarded_files.hpp"

namespace relup::change {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string boot_file = root + "/releases/start_erl.data";
const std::string releases_file = root + "/releases/RELEASES";

// The relup of a test is dead.
struct Killed {};

class RecoveryTest : public ChangeTest {
 protected:
  Recovery recover_root() {
    return recover(root, {files_, clock_, "pid 2 (relup recover)", {"shop", 2, "0.1.0"}});
  }

  // Kills relup at the first change that is so.
  void kill_at(const std::string& action, const std::string& path,
               const std::function<void()>& work) {
    bool is_dead = false;
    files_.set_hook([&](const std::string& is_action, const std::string& is_path) {
      if (is_action == action && is_path == path && !is_dead) {
        is_dead = true;
        files_.freeze([] { throw Killed(); });
      }
    });
    model_.before = [&](const auto&) {
      if (is_dead) throw Killed();
    };
    try {
      work();
    } catch (const Killed&) {
      EXPECT_TRUE(is_dead);
    } catch (const Error&) {
      EXPECT_TRUE(is_dead);
    }
    EXPECT_TRUE(is_dead) << "there is no " << action << " of " << path;
    files_.thaw();
    files_.set_hook({});
    model_.before = {};
  }

  std::string boots() { return *host::read_boot_state(files_, root).boots(); }
  std::string permanent() { return *host::read_boot_state(files_, root).permanent(); }
};

TEST_F(RecoveryTest, OfAHostThatIsWellThereIsNothingToDo) {
  const Snapshot before = snapshot();
  const Recovery recovery = recover_root();
  EXPECT_EQ(recovery.end, RecoveryEnd::nothing_to_do);
  EXPECT_EQ(recovery.boots, "1.0.0");
  EXPECT_THAT(recovery.found, IsEmpty());
  EXPECT_THAT(recovery.done, IsEmpty());
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
  upgrade();
  EXPECT_EQ(recover_root().end, RecoveryEnd::nothing_to_do);
}

TEST_F(RecoveryTest, WhatWasNotDecidedIsUndone) {
  const Snapshot before = snapshot();
  kill_at("rename", root + "/releases/1.1.0", [&] { upgrade(); });
  EXPECT_TRUE(files_.info(root + "/lib/shop-1.1.0"));
  const Recovery recovery = recover_root();
  EXPECT_EQ(recovery.end, RecoveryEnd::undone);
  EXPECT_EQ(recovery.boots, "1.0.0");
  EXPECT_THAT(recovery.found,
              ElementsAre("`relup upgrade 1.1.0` of test (pid 1) was cut off before it was "
                          "decided"));
  EXPECT_THAT(recovery.done, Contains(HasSubstr("lib/shop-1.1.0")));
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
  EXPECT_EQ(host::read_journal(files_, root).operations.back().end->how, "undone");
  EXPECT_EQ(recover_root().end, RecoveryEnd::nothing_to_do);
}

TEST_F(RecoveryTest, WhatTheNodeMayRunStays) {
  model_.after = [this](const std::string& call) {
    if (call == "release_handler:install_release") files_.freeze([] { throw Killed(); });
  };
  EXPECT_ANY_THROW(upgrade());
  files_.thaw();
  model_.after = {};
  const Recovery recovery = recover_root();
  EXPECT_EQ(recovery.end, RecoveryEnd::undone);
  EXPECT_EQ(boots(), "1.0.0");
  EXPECT_TRUE(files_.is_file(root + "/lib/shop-1.1.0/ebin/shop_stats.beam"));
  EXPECT_TRUE(files_.is_directory(root + "/releases/1.1.0"));
}

// The node dies while OTP writes the file, and so does relup.
TEST_F(RecoveryTest, ATornFileOfADecidedCommitIsWrittenForTheNewRelease) {
  upgrade(CommitWhen::later);
  files_.set_hook([&](const std::string& action, const std::string& path) {
    if (action == "write" && path == boot_file) {
      files_.freeze();
      model_.is_down = true;
      throw node::NodeError(node::NodeFailure::connection_lost, node::Delivery::unknown, "died");
    }
  });
  EXPECT_ANY_THROW(installer().commit());
  files_.thaw();
  files_.set_hook({});
  EXPECT_EQ(files_.read(boot_file), "");
  const Recovery recovery = recover_root();
  EXPECT_EQ(recovery.end, RecoveryEnd::finished);
  EXPECT_EQ(recovery.boots, "1.1.0");
  EXPECT_EQ(files_.read(boot_file), "13.1.5 1.1.0");
  EXPECT_EQ(permanent(), "1.1.0");
}

// The same without a journal: what the files say by themselves may be the other release.
TEST_F(RecoveryTest, WithoutTheJournalItWouldHaveBeenTheOldOne) {
  upgrade(CommitWhen::later);
  files_.overwrite(boot_file, "");
  files_.remove_all(host::own_directory(root));
  EXPECT_EQ(recover_root().boots, "1.0.0");
}

TEST_F(RecoveryTest, TheNextVerbDoesTheSameFirst) {
  kill_at("rename", root + "/releases/1.1.0", [&] { upgrade(); });
  EXPECT_TRUE(upgrade().committed);
  EXPECT_THAT(progress_.steps, Contains("recover"));
  const auto operations = host::read_journal(files_, root).operations;
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(operations[0].end->how, "undone");
  EXPECT_EQ(operations[1].end->how, "done");
}

TEST_F(RecoveryTest, TornFilesWithoutAnyWorkAreMended) {
  upgrade();
  files_.overwrite(releases_file, "[{release,\"shop\",\"1.");
  const Recovery recovery = recover_root();
  EXPECT_EQ(recovery.end, RecoveryEnd::mended);
  EXPECT_EQ(recovery.boots, "1.1.0");
  EXPECT_THAT(recovery.found, Contains(HasSubstr("RELEASES")));
  EXPECT_EQ(host::read_journal(files_, root).operations.back().verb, "recover");
  EXPECT_EQ(recover_root().end, RecoveryEnd::nothing_to_do);
}

TEST_F(RecoveryTest, AnotherRelupAtWorkIsNotDisturbed) {
  const auto held = files_.try_lock(root + "/releases/.relup.lock", "pid 7 (relup upgrade)");
  EXPECT_EQ(error_of([&] { recover_root(); })->code(), ErrorCode::unavailable);
}

TEST_F(RecoveryTest, TheWorkOfALaterRelupIsLeftToIt) {
  const std::string json = R"({"kind":"begin","journal":2,"n":1,"verb":"graft","relup":"9.0"})";
  files_.add_file(host::journal_path(root), sha256_hex(json).substr(0, 16) + " " + json + "\n");
  const auto refused = error_of([&] { recover_root(); });
  EXPECT_EQ(refused->code(), ErrorCode::uncertain);
  EXPECT_THAT(refused->message(), HasSubstr("graft"));
  EXPECT_THAT(refused->hint(), HasSubstr("9.0"));
}

TEST_F(RecoveryTest, WhereNothingTellsWhatBootsNothingIsTouched) {
  files_.overwrite(boot_file, "");
  files_.overwrite(releases_file, "");
  files_.remove_file(root + "/releases/1.0.0/start.boot");
  const Snapshot before = snapshot();
  EXPECT_EQ(error_of([&] { recover_root(); })->code(), ErrorCode::uncertain);
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
}

}  // namespace
}  // namespace relup::change
