// SPDX-License-Identifier: Apache-2.0
//
// The files that decide which release boots, in every state that they can be in, alone and against
// one another: what is wrong is told, and after the repair nothing is, and something boots.
#include "host/boot_state.hpp"

#include <gmock/gmock.h>

#include "host/boot_findings.hpp"
#include "host/boot_repair.hpp"
#include "support/memory_file_system.hpp"
#include "support/reliability_page.hpp"
#include "support/sample_release.hpp"

namespace relup::host {
namespace {

using release::InstalledRelease;
using release::ReleaseStatus;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Pair;
using ::testing::StartsWith;

const std::string root = "/opt/shop";
const std::string releases_file = root + "/releases/RELEASES";
const std::string start_erl_data = root + "/releases/start_erl.data";

std::map<std::string, ReleaseStatus> statuses(const std::vector<InstalledRelease>& releases) {
  std::map<std::string, ReleaseStatus> found;
  for (const InstalledRelease& each : releases)
    found.emplace(each.version, each.status);
  return found;
}

std::vector<std::string> directories(const std::vector<InstalledRelease>& releases) {
  std::vector<std::string> found;
  for (const InstalledRelease& each : releases) {
    for (const release::InstalledLibrary& library : each.libraries)
      found.push_back(library.directory);
  }
  return found;
}

// 1.0 and 1.1 of shop, of which 1.0 is permanent, with launchers as relx writes them or, where
// `launched` is empty, one for all versions.
class BootStateTest : public ::testing::Test {
 protected:
  BootStateTest() {
    for (const std::string version : {"1.1", "1.0"}) {
      support::write_release(files_, root, {version, {{"shop", version}}});
      files_.add_file(root + "/bin/shop-" + version, launcher(version), 0755);
    }
    files_.add_file(root + "/erts-13.1.5/bin/erlexec", "");
    files_.add_file(root + "/bin/shop", launcher("1.0"), 0755);
    const BootState state = read();
    files_.add_file(releases_file,
                    release::format_releases_file({line(state, "1.0", ReleaseStatus::permanent),
                                                   line(state, "1.1", ReleaseStatus::unpacked)}));
  }

  static std::string launcher(const std::string& version) {
    return version.empty() ? "#!/bin/sh\n" : "#!/bin/sh\nREL_VSN=\"" + version + "\"\n";
  }
  static InstalledRelease line(const BootState& state, const std::string& version,
                               ReleaseStatus status) {
    return entry_of(root, *state.find(version), {"shop", version, {}, {}, status});
  }

  BootState read() { return read_boot_state(files_, root); }
  std::vector<BootFinding> findings() { return findings_of(read()); }

  // What the repair by the files alone makes of it.
  BootState mend() { return mend(read()); }
  BootState mend(const BootState& state) {
    const auto permanent = permanent_by_files(state);
    if (!permanent) return state;
    make_repair(files_, state, repair_of(files_, state, mended_releases(state, *permanent)));
    return read_boot_state_again(files_, state);
  }

  void replace(const std::string& path, const std::string& from, const std::string& to) {
    std::string text = files_.read(path);
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    files_.add_file(path, text);
  }

  support::MemoryFileSystem files_;
};

TEST_F(BootStateTest, FilesThatAgreeNeedNothing) {
  const BootState state = read();
  EXPECT_THAT(findings_of(state), IsEmpty());
  EXPECT_EQ(state.boots(), "1.0");
  EXPECT_EQ(state.permanent(), "1.0");
  EXPECT_EQ(permanent_by_files(state), "1.0");
  EXPECT_FALSE(repair_of(files_, state, mended_releases(state, "1.0")).is_needed());
}

// A node that finds RELEASES empty or cut off makes up a release without libraries.
TEST_F(BootStateTest, AnInventedReleaseIsMadeFromItsRelFile) {
  files_.add_file(releases_file, "[{release,\"shop\",\"1.0\",undefined,[],permanent}].\n");
  EXPECT_THAT(findings(), ElementsAre(BootFinding{BootFault::invented_release, "1.0"}));
  const BootState mended = mend();
  EXPECT_THAT(findings_of(mended), IsEmpty());
  EXPECT_THAT(statuses(mended.releases),
              ElementsAre(Pair("1.0", ReleaseStatus::permanent), Pair("1.1", ReleaseStatus::old)));
  EXPECT_EQ(mended.releases.front().erts, "13.1.5");
}

TEST_F(BootStateTest, PathsOfTheRootThatThisOneWasCopiedFromBecomeRelative) {
  for (const std::string elsewhere : {"/opt/first", "/opt/shop"}) {
    replace(releases_file, "\"lib/", "\"" + elsewhere + "/lib/");
    const BootFault fault =
        elsewhere == root ? BootFault::absolute_paths : BootFault::paths_of_another_root;
    EXPECT_THAT(findings(), ElementsAre(BootFinding{fault, "1.0", elsewhere + "/lib"},
                                        BootFinding{fault, "1.1", elsewhere + "/lib"}));
    const BootState mended = mend();
    EXPECT_THAT(findings_of(mended), IsEmpty());
    EXPECT_THAT(directories(mended.releases), Each(StartsWith("lib/")));
    EXPECT_THAT(statuses(mended.releases), ElementsAre(Pair("1.0", ReleaseStatus::permanent),
                                                       Pair("1.1", ReleaseStatus::unpacked)));
  }
}

// There the release handler takes relative paths from the system's root.
TEST_F(BootStateTest, OnTheSystemsOtpThePathsAreThoseOfThisRoot) {
  files_.remove_all(root + "/erts-13.1.5");
  replace(releases_file, "\"lib/", "\"/opt/first/lib/");
  EXPECT_THAT(findings(),
              Contains(BootFinding{BootFault::paths_of_another_root, "1.1", "/opt/first/lib"}));
  files_.remove_all(root + "/lib/kernel-8.5.3");
  const BootState mended = mend();
  EXPECT_THAT(findings_of(mended), IsEmpty());
  EXPECT_THAT(directories(mended.releases),
              IsSupersetOf({root + "/lib/shop-1.0", root + "/lib/shop-1.1"}));
}

TEST_F(BootStateTest, WhatANodeKnowsCountsInsteadOfTheFile) {
  files_.add_file(releases_file, "");
  const BootState state = read();
  std::vector<InstalledRelease> known{line(state, "1.1", ReleaseStatus::current),
                                      line(state, "1.0", ReleaseStatus::permanent)};
  const auto mended = mended_releases(state, "1.0", known);
  EXPECT_EQ(mended, known);
  EXPECT_THAT(statuses(as_written(mended)), ElementsAre(Pair("1.0", ReleaseStatus::permanent),
                                                        Pair("1.1", ReleaseStatus::unpacked)));
  known.front().status = ReleaseStatus::old;
  known.pop_back();
  EXPECT_THAT(statuses(mended_releases(state, "1.1", known)),
              ElementsAre(Pair("1.1", ReleaseStatus::permanent)));
}

TEST_F(BootStateTest, AReleaseThatIsGoneIsNotListedAnyMore) {
  files_.remove_all(root + "/releases/1.1");
  EXPECT_THAT(findings(), ElementsAre(BootFinding{BootFault::lists_unknown_release, "1.1"}));
  EXPECT_THAT(statuses(mend().releases), ElementsAre(Pair("1.0", ReleaseStatus::permanent)));
}

// The launcher, start_erl.data, RELEASES and the boot file, in all combinations of states. The
// number of names that agree on a release which can boot decides; and what is told and what is
// mended are the same.
TEST_F(BootStateTest, EveryCombinationIsToldAndMended) {
  const std::string whole = files_.read(releases_file);
  const auto permanent = [&](const std::string& version) {
    const BootState state = read();
    return release::format_releases_file(
        {line(state, "1.0", version == "1.0" ? ReleaseStatus::permanent : ReleaseStatus::old),
         line(state, "1.1", version == "1.1" ? ReleaseStatus::permanent : ReleaseStatus::old)});
  };
  const std::vector<std::optional<std::string>> launchers = {
      std::nullopt, launcher(""), launcher("1.0"), launcher("1.1"), launcher("7")};
  const std::vector<std::optional<std::string>> data = {
      std::nullopt, "", "13.1.5", "13.1.5 1.0", "13.1.5 1.1", "13.1.5 7", "12 1.0"};
  const std::vector<std::optional<std::string>> lists = {
      std::nullopt,
      "",
      whole.substr(0, whole.size() / 2),
      "[{release,\"shop\",\"1.0\",undefined,[],permanent}].\n",
      "[{release,\"shop\",\"1.1\",undefined,[],permanent}].\n",
      "[].\n",
      permanent("1.0"),
      permanent("1.1"),
      permanent("neither")};
  const std::string boot_file = root + "/releases/1.0/start.boot";
  const std::vector<std::optional<std::string>> boot_files = {
      files_.read(boot_file), std::nullopt, "torn", files_.read(root + "/releases/1.1/start.boot")};
  const auto put = [&](const std::string& path, const std::optional<std::string>& bytes) {
    files_.remove_all(path);
    if (bytes) files_.add_file(path, *bytes, 0755);
  };
  int mended = 0;
  for (const auto& script : launchers) {
    for (const auto& boots : data) {
      for (const auto& list : lists) {
        for (const auto& boot : boot_files) {
          put(root + "/bin/shop", script);
          put(start_erl_data, boots);
          put(releases_file, list);
          put(boot_file, boot);
          const BootState before = read();
          const auto told = findings_of(before);
          const BootState after = mend(before);
          const std::string what = script.value_or("no launcher") + "; " +
                                   boots.value_or("no start_erl.data") + "; " +
                                   list.value_or("no RELEASES") + "; " +
                                   (boot == boot_files.front() ? "boots" : "a bad boot file");
          const bool is_right = before.boots() == before.permanent() && before.boots() &&
                                before.find(*before.boots()) != nullptr &&
                                before.find(*before.boots())->can_boot();
          EXPECT_TRUE(is_right || !told.empty()) << what;
          if (!permanent_by_files(before)) {
            EXPECT_FALSE(before.boots() && before.find(*before.boots()) &&
                         before.find(*before.boots())->can_boot());
            continue;
          }
          // What is left is the boot file of a release that needs not boot.
          EXPECT_EQ(after.boots(), after.permanent()) << what;
          ASSERT_TRUE(after.boots()) << what;
          EXPECT_TRUE(after.find(*after.boots())->can_boot()) << what;
          for (const BootFinding& finding : findings_of(after)) {
            EXPECT_EQ(finding.version, "1.0") << what;
            EXPECT_NE(boot, boot_files.front()) << what;
          }
          ++mended;
        }
      }
    }
  }
  EXPECT_GT(mended, 5 * 7 * 9 * 4 * 9 / 10);
  support::tell_reliability(
      "damage", "launcher x start_erl.data x RELEASES x boot file",
      {std::to_string(5 * 7 * 9 * 4), std::to_string(mended) + " mended, else nothing could boot"});
}

// A file of which only the beginning was written, or of which one bit has turned.
TEST_F(BootStateTest, EveryDamageToOneFileIsMended) {
  const BootState before = read();
  for (const std::string& path : {releases_file, start_erl_data}) {
    const std::string whole = files_.read(path);
    std::vector<std::string> damaged;
    for (std::size_t size = 0; size < whole.size(); ++size)
      damaged.push_back(whole.substr(0, size));
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      damaged.push_back(whole);
      damaged.back()[bit / 8] = static_cast<char>(whole[bit / 8] ^ (1 << (bit % 8)));
    }
    for (const std::string& bytes : damaged) {
      files_.add_file(path, bytes);
      const BootState mended = mend(read_boot_state_again(files_, before));
      EXPECT_EQ(mended.boots(), "1.0") << path << ": " << bytes;
      EXPECT_THAT(findings_of(mended), IsEmpty()) << path << ": " << bytes;
      EXPECT_EQ(statuses(mended.releases).size(), 2U) << path << ": " << bytes;
      files_.add_file(path, whole);
      files_.add_file(root + "/bin/shop", launcher("1.0"), 0755);
    }
    support::tell_reliability("damage", "every prefix and every bit of " + base_name(path),
                              {std::to_string(damaged.size()), "the release that ran boots"});
  }
}

}  // namespace
}  // namespace relup::host
