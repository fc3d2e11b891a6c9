// SPDX-License-Identifier: Apache-2.0
//
// A commit that was cut off, and files that were damaged by it: what runs is told, stays, and is
// what boots in the end. No removal may take what runs, boots, is permanent, or is used.
#include <gmock/gmock.h>

#include "change/change_test.hpp"
#include "change/host_status.hpp"
#include "host/boot_findings.hpp"

namespace relup::change {
namespace {

using namespace std::string_literals;

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TornCommitTest : public ChangeTest {
 protected:
  TornCommitTest() {
    upgrade();
    before_ = files_below_libraries();
  }

  const std::string releases_file = root + "/releases/RELEASES";
  const std::string start_erl_data = root + "/releases/start_erl.data";

  // Files of the release that runs.
  std::vector<std::string> files_below_libraries() {
    std::vector<std::string> found = files_.files_below(root + "/lib/shop-1.1.0");
    for (const std::string directory : {"/lib/kernel-8.5.3", "/releases/1.1.0"}) {
      for (const std::string& each : files_.files_below(root + directory))
        found.push_back(each);
    }
    return found;
  }

  // OTP could not read RELEASES when the node was started, and made something up.
  void restart_with_invented_release() {
    model_.releases = {{"1.1.0", "permanent", true}};
    model_.start_with("1.1.0");
  }
  // start_erl.data was written, RELEASES was not, and the node was started again.
  void tear_before_releases_file() {
    model_.releases = {{"1.1.0", "unpacked"}, {"1.0.0", "permanent"}};
    model_.write_releases_file();
    model_.start_with("1.1.0");
  }
  void use_launchers(const std::string& starts) {
    for (const std::string version : {"1.0.0", "1.1.0"})
      files_.add_file(root + "/bin/shop-" + version, launcher(version), 0755);
    files_.add_file(root + "/bin/shop", launcher(starts), 0755);
  }
  static std::string launcher(const std::string& version) {
    return "#!/bin/sh\nREL_VSN=\"" + version + "\"\n";
  }

  void expect_intact() { EXPECT_EQ(files_below_libraries(), before_); }
  void expect_right(const std::string& version) {
    const host::BootState state = host::read_boot_state(files_, root);
    EXPECT_THAT(host::findings_of(state), IsEmpty());
    EXPECT_EQ(state.boots(), version);
    EXPECT_EQ(model_.running(), version);
  }
  HostStatus status() {
    const auto channel = model_.connect();
    return look_at_host(files_, host::read_host(files_, root, "test"), *channel);
  }

  std::vector<std::string> before_;
};

TEST_F(TornCommitTest, RemovingWithAnInventedReleaseLeavesWhatRuns) {
  for (const std::string damaged : {"", "%% coding: utf-8\n[{release,\"shop\""}) {
    restart_with_invented_release();
    files_.add_file(releases_file, damaged);
    EXPECT_EQ(status().running, "1.1.0");
    EXPECT_THAT(status().repairs, Contains(HasSubstr("releases/RELEASES is ")));
    EXPECT_THAT(error_of([&] { installer().remove("1.1.0"); })->message(),
                HasSubstr("1.1.0 is permanent and stays"));
    expect_right("1.1.0");
  }
  EXPECT_EQ(installer().remove("1.0.0").from, "1.0.0");
  expect_intact();
  EXPECT_FALSE(files_.is_directory(root + "/lib/shop-1.0.0"));
  EXPECT_FALSE(files_.is_directory(root + "/releases/1.0.0"));
  expect_right("1.1.0");
}

TEST_F(TornCommitTest, StartErlDataWithoutReleasesIsTheReleaseThatRuns) {
  tear_before_releases_file();
  const HostStatus told = status();
  EXPECT_EQ(told.running, "1.1.0");
  EXPECT_FALSE(told.is_uncommitted);
  EXPECT_THAT(told.repairs, Contains("releases/start_erl.data boots 1.1.0, but releases/RELEASES "
                                     "calls 1.0.0 permanent: it is written anew before the next "
                                     "change"));
  EXPECT_EQ(error_of([&] { installer().remove("1.1.0"); })->code(), ErrorCode::answer_is_no);
  expect_right("1.1.0");
  installer().remove("1.0.0");
  expect_intact();
}

TEST_F(TornCommitTest, ACommitIsFinished) {
  tear_before_releases_file();
  EXPECT_TRUE(installer().commit().committed);
  expect_right("1.1.0");
  EXPECT_EQ(error_of([&] { installer().commit(); })->code(), ErrorCode::answer_is_no);
}

// The node has not been started again: it still knows that 1.1.0 is not committed.
TEST_F(TornCommitTest, ACommitOfWhichTheNodeDoesNotKnowIsRepeated) {
  model_.releases = {{"1.1.0", "current"}, {"1.0.0", "permanent"}};
  model_.write_releases_file();
  EXPECT_TRUE(installer().commit().committed);
  expect_right("1.1.0");
}

TEST_F(TornCommitTest, ALauncherThatWasNotSwitchedIsSwitchedByTheNextCommit) {
  use_launchers("1.0.0");
  EXPECT_THAT(status().repairs,
              Contains("bin/shop starts 1.0.0, but 1.1.0 is permanent: the next commit replaces "
                       "it"));
  const auto refused = error_of([&] { installer().remove("1.0.0"); });
  EXPECT_THAT(refused->message(), HasSubstr("bin/shop boots release 1.0.0"));
  EXPECT_THAT(refused->message() + refused->hint(), HasSubstr("`relup commit`"));
  EXPECT_TRUE(files_.is_directory(root + "/releases/1.0.0"));
  EXPECT_TRUE(installer().commit().committed);
  EXPECT_EQ(files_.read(root + "/bin/shop"), launcher("1.1.0"));
  expect_right("1.1.0");
  installer().remove("1.0.0");
  EXPECT_FALSE(files_.is_file(root + "/bin/shop-1.0.0"));
  expect_intact();
}

// The launcher has booted the old release: that is what runs now, whatever RELEASES says.
TEST_F(TornCommitTest, WhatTheOldLauncherHasBootedStays) {
  use_launchers("1.0.0");
  model_.start_with("1.0.0");
  EXPECT_EQ(status().running, "1.0.0");
  EXPECT_EQ(error_of([&] { installer().remove("1.0.0"); })->code(), ErrorCode::answer_is_no);
  EXPECT_TRUE(files_.is_directory(root + "/lib/shop-1.0.0"));
  EXPECT_TRUE(upgrade().committed);
  expect_right("1.1.0");
}

TEST_F(TornCommitTest, NothingOutsideOfTheRootIsRemoved) {
  const std::string elsewhere = "/opt/first";
  for (const std::string& path : files_.files_below(root + "/lib"))
    files_.add_file(elsewhere + path.substr(root.size()), files_.read(path));
  const auto outside = files_.files_below(elsewhere);
  std::string text = files_.read(releases_file);
  for (std::size_t at = text.find(root); at != std::string::npos; at = text.find(root, at + 1))
    text.replace(at, root.size(), elsewhere);
  files_.add_file(releases_file, text);
  EXPECT_THAT(status().repairs, Contains(HasSubstr("in /opt/first/lib, outside of this root")));
  files_.add_symlink(root + "/lib/crypto-1", elsewhere + "/lib/shop-1.0.0");
  installer().remove("1.0.0");
  EXPECT_EQ(files_.files_below(elsewhere), outside);
  EXPECT_FALSE(files_.is_directory(root + "/lib/shop-1.0.0"));
  expect_intact();
}

// The next relup does that before its own work, for which nothing is left then.
TEST_F(TornCommitTest, ARemovalThatWasCutOffIsFinished) {
  files_.set_hook([&](const std::string& action, const std::string& path) {
    if (action == "sync" && path == root + "/lib") throw system_error("sync", path, EIO);
  });
  error_of([&] { installer().remove("1.0.0"); });
  files_.set_hook({});
  EXPECT_EQ(model_.find("1.0.0"), nullptr);
  EXPECT_TRUE(files_.is_directory(root + "/releases/1.0.0"));
  EXPECT_EQ(error_of([&] { installer().remove("1.0.0"); })->code(), ErrorCode::usage);
  EXPECT_FALSE(files_.is_directory(root + "/releases/1.0.0"));
  EXPECT_FALSE(files_.is_directory(root + "/lib/shop-1.0.0"));
}

struct Use {
  const char* name;
  const char* link;  // of /proc/77
  const char* file;  // of /proc/77
  std::string content;
  const char* told;
};

class UsedFiles : public TornCommitTest, public ::testing::WithParamInterface<Use> {};

TEST_P(UsedFiles, AreNotRemoved) {
  const Use& use = GetParam();
  files_.add_file("/proc/77/comm", "courier\n");
  files_.add_file("/proc/77/cmdline", "courier");
  if (use.link != nullptr) files_.add_symlink(std::string("/proc/77/") + use.link, use.content);
  if (use.file != nullptr) files_.add_file(std::string("/proc/77/") + use.file, use.content);
  const auto refused = error_of([&] { installer().remove("1.0.0"); });
  EXPECT_EQ(refused->code(), ErrorCode::answer_is_no);
  EXPECT_THAT(refused->message(), HasSubstr(std::string("process 77 (courier) ") + use.told));
  EXPECT_TRUE(files_.is_directory(root + "/lib/shop-1.0.0"));
  ASSERT_NE(model_.find("1.0.0"), nullptr);
  files_.remove_all("/proc/77");
  installer().remove("1.0.0");
}

INSTANTIATE_TEST_SUITE_P(
    Removal, UsedFiles,
    ::testing::Values(Use{"a_port_program", "exe", nullptr, root + "/lib/shop-1.0.0/priv/courier",
                          "runs /opt/shop/lib/shop-1.0.0/priv/courier"},
                      Use{"a_working_directory", "cwd", nullptr, root + "/releases/1.0.0",
                          "works in /opt/shop/releases/1.0.0"},
                      Use{"an_open_file", "fd/7", nullptr, root + "/lib/shop-1.0.0/priv/prices",
                          "has /opt/shop/lib/shop-1.0.0/priv/prices open"},
                      Use{"a_mapped_file", nullptr, "maps",
                          "7f-8f r-xp 00000000 08:01 7    /opt/shop/lib/shop-1.0.0/priv/fast.so\n",
                          "has /opt/shop/lib/shop-1.0.0/priv/fast.so in its memory"},
                      Use{"a_script", nullptr, "cmdline",
                          "sh\0/opt/shop/lib/shop-1.0.0/priv/run\0"s,
                          "was started with /opt/shop/lib/shop-1.0.0/priv/run"},
                      Use{"another_node", nullptr, "cmdline",
                          "beam.smp\0-boot\0/opt/shop/releases/1.0.0/start\0"s,
                          "was started with /opt/shop/releases/1.0.0/start"}),
    [](const auto& each) { return each.param.name; });

// It was booted from there before it was upgraded.
TEST_F(TornCommitTest, WhatTheNodeWasStartedWithIsNoUse) {
  files_.add_file("/proc/4711/comm", "beam.smp\n");
  files_.add_file("/proc/4711/cmdline", "beam.smp\0-boot\0/opt/shop/releases/1.0.0/start\0"s);
  installer().remove("1.0.0");
  EXPECT_FALSE(files_.is_directory(root + "/releases/1.0.0"));
}

}  // namespace
}  // namespace relup::change
