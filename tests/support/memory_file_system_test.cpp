// SPDX-License-Identifier: Apache-2.0
#include "support/memory_file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/replace_file.hpp"

namespace relup::support {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "it did not fail";
}

TEST(MemoryFileSystem, FilesDirectoriesAndLinks) {
  MemoryFileSystem files;
  files.make_directories("/a/b");
  files.create("/a/b/file", 0600)->append("text");
  files.make_symlink("b", "/a/link");
  EXPECT_EQ(files.read("/a/link/file"), "text");
  EXPECT_EQ(files.read("/a/./b/../link/file"), "text");
  EXPECT_EQ(files.info("/a/b/file")->mode, 0600U);
  EXPECT_EQ(files.info("/a/link")->type, FileType::directory);
  EXPECT_EQ(files.link_info("/a/link")->type, FileType::symlink);
  EXPECT_THAT(files.files_below("/a"), ElementsAre("/a/b/file", "/a/link"));
  files.make_symlink("/self", "/self");
  EXPECT_THAT(failure_of([&] { files.read("/self"); }), HasSubstr("symbolic links"));
}

TEST(MemoryFileSystem, RefusesAsTheRealOneDoes) {
  MemoryFileSystem files;
  files.add_file("/a/file", "x");
  files.add_directory("/d/e");
  EXPECT_THAT(failure_of([&] { files.create("/a/file", 0644); }), HasSubstr("File exists"));
  EXPECT_THAT(failure_of([&] { files.create("/no/file", 0644); }), HasSubstr("No such file"));
  EXPECT_THAT(failure_of([&] { files.read("/nowhere"); }), HasSubstr("No such file"));
  EXPECT_THAT(failure_of([&] { files.read("/d"); }), HasSubstr("Is a directory"));
  EXPECT_THAT(failure_of([&] { files.rename("/a", "/d"); }), HasSubstr("not empty"));
  EXPECT_THAT(failure_of([&] { files.remove_file("/d"); }), HasSubstr("Is a directory"));
  EXPECT_EQ(files.read_if_exists("/a/file/below"), std::nullopt);
  EXPECT_NO_THROW(files.remove_all("/nowhere/at/all"));
  files.forbid("/a");
  EXPECT_THAT(failure_of([&] { files.read("/a/file"); }), HasSubstr("Permission denied"));
}

TEST(MemoryFileSystem, RunsFull) {
  MemoryFileSystem files;
  files.set_byte_budget(5);
  files.set_free_bytes(7);
  EXPECT_EQ(files.free_bytes("/"), 7U);
  const auto file = files.create("/file", 0644);
  file->append("abc");
  EXPECT_THAT(failure_of([&] { file->append("def"); }), HasSubstr("No space left"));
  EXPECT_EQ(files.read("/file"), "abcde");
}

TEST(MemoryFileSystem, ACrashForgetsWhatWasNotSynced) {
  MemoryFileSystem files;
  files.add_file("/d/kept", "old");
  const auto unnamed = files.create("/d/unnamed", 0644);
  unnamed->append("x");
  unnamed->sync();  // the content, but not its name in /d
  files.crash();
  EXPECT_THAT(files.files_below("/"), ElementsAre("/d/kept"));

  const auto half = files.create("/d/half", 0644);
  half->append("synced");
  half->sync();
  half->append(" and not");
  files.sync_directory("/d");
  files.rename("/d/kept", "/d/renamed");
  files.crash();
  EXPECT_EQ(files.read("/d/half"), "synced");
  EXPECT_EQ(files.read("/d/kept"), "old");
}

TEST(MemoryFileSystem, DurableWritesSurviveACrashAtAnyStep) {
  for (int step = 1;; ++step) {
    MemoryFileSystem files;
    files.add_file("/d/file", "old");
    int count = 0;
    files.set_hook([&](const std::string&, const std::string&) {
      if (++count == step) throw Error(ErrorCode::bug, "the power is gone");
    });
    bool finished = true;
    try {
      replace_file(files, "/d/file", "new");
    } catch (const Error&) {
      finished = false;
    }
    files.crash();
    EXPECT_EQ(files.read("/d/file"), finished ? "new" : "old") << step;
    if (finished) break;
  }
}

TEST(MemoryFileSystem, OnlyRootGivesFilesAway) {
  MemoryFileSystem files;
  EXPECT_TRUE(files.create("/of_root", 0644)->set_owner(7, 8));
  EXPECT_EQ(files.info("/of_root")->owner, 7U);
  files.set_user({1000, {100, 200}});
  const auto file = files.create("/file", 04755);
  EXPECT_EQ(files.info("/file")->owner, 1000U);
  EXPECT_EQ(files.info("/file")->group, 100U);
  EXPECT_FALSE(file->set_owner(7, 100));
  EXPECT_FALSE(file->set_owner(std::nullopt, 300));
  EXPECT_TRUE(file->set_owner(std::nullopt, 200));
  EXPECT_EQ(files.info("/file")->group, 200U);
  EXPECT_EQ(files.info("/file")->mode, 0755U);
}

TEST(MemoryFileSystem, Locks) {
  MemoryFileSystem files;
  auto lock = files.try_lock("/lock", "me");
  EXPECT_EQ(files.read("/lock"), "me");
  EXPECT_EQ(files.try_lock("/lock", "you"), nullptr);
  lock.reset();
  EXPECT_FALSE(files.is_file("/lock"));
  lock = files.try_lock("/lock", "you");
  EXPECT_NE(lock, nullptr);
  EXPECT_EQ(files.read("/lock"), "you");
}

}  // namespace
}  // namespace relup::support
