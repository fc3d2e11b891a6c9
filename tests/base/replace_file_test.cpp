// SPDX-License-Identifier: Apache-2.0
#include "base/replace_file.hpp"

#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/memory_file_system.hpp"
#include "support/temporary_directory.hpp"

namespace relup {
namespace {

using support::MemoryFileSystem;
using support::TemporaryDirectory;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

FileSystem& files() {
  return real_file_system();
}

std::vector<std::string> names_in(FileSystem& in, const std::string& directory) {
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : in.list(directory))
    names.push_back(entry.name);
  return names;
}

Error failure_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error";
  return {ErrorCode::bug, ""};
}

TEST(ReplaceFile, ReplacesTheContentAndLeavesNothingElse) {
  const TemporaryDirectory directory;
  const std::string path = directory / "RELEASES";
  replace_file(files(), path, "one");
  EXPECT_EQ(files().info(path)->mode, 0644U);
  replace_file(files(), path, "two");
  EXPECT_EQ(files().read(path), "two");
  EXPECT_THAT(names_in(files(), directory.path()), ElementsAre("RELEASES"));
}

TEST(ReplaceFile, TakesContentPieceByPiece) {
  const TemporaryDirectory directory;
  replace_file(files(), directory / "file", [](WritableFile& file) {
    file.append("one, ");
    file.append("two");
  });
  EXPECT_EQ(files().read(directory / "file"), "one, two");
}

TEST(ReplaceFile, AFileThatIsThereKeepsItsMode) {
  const TemporaryDirectory directory;
  const std::string path = directory / "start.sh";
  replace_file(files(), path, "one", {.mode = 0750});
  replace_file(files(), path, "two", {.mode = 0644});
  EXPECT_EQ(files().info(path)->mode, 0750U);
}

TEST(ReplaceFile, AProgramIsRunByWhoMayReadIt) {
  const TemporaryDirectory directory;
  const std::string path = directory / "start.sh";
  replace_file(files(), path, "one", {.content = Content::program});
  EXPECT_EQ(files().info(path)->mode, 0755U);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  replace_file(files(), path, "two", {.content = Content::program});
  EXPECT_EQ(files().info(path)->mode, 0750U);
}

TEST(ReplaceFile, ANameMayBeAsLongAsNamesCanBe) {
  const TemporaryDirectory directory;
  const std::string path = directory / std::string(255, 'a');
  replace_file(files(), path, "one");
  replace_file(files(), path, "two");
  EXPECT_EQ(files().read(path), "two");
}

TEST(ReplaceFile, TheLeftOverOfAKilledProcessDoesNoHarm) {
  const TemporaryDirectory directory;
  const std::string path = directory / "file";
  replace_file(files(), path, "old");
  if (const pid_t child = ::fork(); child == 0) {
    replace_file(files(), path, [](WritableFile& file) {
      file.append("half of the n");
      ::_exit(0);
    });
  } else {
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  }
  EXPECT_EQ(files().read(path), "old");
  replace_file(files(), path, "new");
  EXPECT_EQ(files().read(path), "new");
  const std::vector<std::string> names = names_in(files(), directory.path());
  ASSERT_EQ(names.size(), 2U);
  EXPECT_TRUE(is_temporary_name(names[0]));
  EXPECT_FALSE(is_temporary_name(names[1]));
}

// Each process writes files of one letter, all of them at one path.
TEST(ReplaceFile, ProcessesAtOneFileDoNotCollide) {
  constexpr int processes = 6;
  constexpr int rounds = 200;
  const TemporaryDirectory directory;
  const std::string path = directory / "file";
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string content(10000, static_cast<char>('a' + i));
      try {
        for (int round = 0; round < rounds; ++round)
          replace_file(files(), path, content, {.durability = Durability::can_be_made_again});
      } catch (const Error&) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const std::string content = files().read(path);
  EXPECT_EQ(content, std::string(10000, content.at(0)));
  EXPECT_THAT(names_in(files(), directory.path()), ElementsAre("file"));
}

TEST(ReplaceFile, ALinkStaysAndItsTargetIsReplaced) {
  const TemporaryDirectory directory;
  files().make_directories(directory / "here");
  files().make_directories(directory / "there");
  replace_file(files(), directory / "there/file", "old", {.mode = 0600});
  files().make_symlink("../there/second", directory / "here/first");
  files().make_symlink("file", directory / "there/second");
  replace_file(files(), directory / "here/first", "new");
  EXPECT_EQ(files().read_link(directory / "here/first"), "../there/second");
  EXPECT_EQ(files().read_link(directory / "there/second"), "file");
  EXPECT_EQ(files().link_info(directory / "there/file")->type, FileType::regular);
  EXPECT_EQ(files().read(directory / "there/file"), "new");
  EXPECT_EQ(files().info(directory / "there/file")->mode, 0600U);
  EXPECT_THAT(names_in(files(), directory / "here"), ElementsAre("first"));
  EXPECT_THAT(names_in(files(), directory / "there"), ElementsAre("file", "second"));
}

TEST(ReplaceFile, ALinkGivesWayWhereThatIsWanted) {
  const TemporaryDirectory directory;
  replace_file(files(), directory / "file", "old", {.mode = 0600});
  for (const char* target : {"file", "nowhere"}) {
    const std::string link = directory / "link-to-" + target;
    files().make_symlink(target, link);
    replace_file(files(), link, "new", {.mode = 0755, .links = Links::replace});
    EXPECT_EQ(files().link_info(link)->type, FileType::regular);
    EXPECT_EQ(files().info(link)->mode, 0755U);
    EXPECT_EQ(files().read(directory / "file"), "old");
  }
}

TEST(ReplaceFile, WhatCannotBeReplacedIsAnErrorThatLeavesNothing) {
  const TemporaryDirectory directory;
  files().make_directories(directory / "folder");
  files().make_symlink("missing", directory / "dangling");
  files().make_symlink("loop", directory / "loop");
  ASSERT_EQ(::mkfifo((directory / "fifo").c_str(), 0600), 0);
  replace_file(files(), directory / "file", "x");
  const std::vector<std::string> before = names_in(files(), directory.path());
  const struct {
    const char* name;
    int error_number;
    const char* message;
  } cases[] = {
      {"folder", EISDIR, "Is a directory"},
      {"dangling", ENOENT, "is a symbolic link to "},
      {"loop", ELOOP, "Too many levels of symbolic links"},
      {"fifo", EINVAL, "is not a regular file"},
      {"file/below", ENOTDIR, "Not a directory"},
      {"no/file", ENOENT, "No such file"},
  };
  for (const auto& one : cases) {
    const std::string path = directory / one.name;
    const Error error = failure_of([&] { replace_file(files(), path, "new"); });
    EXPECT_EQ(error.error_number(), one.error_number) << one.name;
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    EXPECT_THAT(error.message(),
                AllOf(HasSubstr(path), HasSubstr(one.message), Not(HasSubstr(".relup-new"))));
    EXPECT_EQ(names_in(files(), directory.path()), before) << one.name;
  }
}

// Only root may give a file away.
TEST(ReplaceFile, KeepsTheOwnerOfAnother) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const TemporaryDirectory directory;
  const std::string path = directory / "file";
  replace_file(files(), path, "old");
  ASSERT_EQ(::chown(path.c_str(), 12345, 23456), 0);
  ASSERT_EQ(::chmod(path.c_str(), 04750), 0);
  replace_file(files(), path, "new");
  const auto info = files().info(path);
  EXPECT_EQ(info->owner, 12345U);
  EXPECT_EQ(info->group, 23456U);
  EXPECT_EQ(info->mode, 04750U);
}

constexpr std::uint32_t ours = 1000;
constexpr std::uint32_t theirs = 1001;
constexpr std::uint32_t our_group = 100;
constexpr std::uint32_t shared_group = 200;
constexpr std::uint32_t their_group = 300;

// A file of somebody else, of `group` and `mode`, replaced by an ordinary user.
struct OwnerCase {
  const char* name;
  std::uint32_t owner;
  std::uint32_t group;
  unsigned mode;
  std::uint32_t group_afterwards;
  unsigned mode_afterwards;  // 0 where it is refused
};

class ReplaceFileOfOther : public testing::TestWithParam<OwnerCase> {};

TEST_P(ReplaceFileOfOther, OnlyWhereNobodyLosesIt) {
  const OwnerCase& one = GetParam();
  MemoryFileSystem memory;
  memory.add_file("/d/file", "old", one.mode);
  memory.set_owner("/d/file", one.owner, one.group);
  memory.set_user({ours, {our_group, shared_group}});
  if (one.mode_afterwards == 0) {
    const Error error = failure_of([&] { replace_file(memory, "/d/file", "new"); });
    EXPECT_EQ(error.error_number(), EPERM);
    EXPECT_THAT(error.message(), HasSubstr("cannot keep the owner of /d/file"));
    EXPECT_THAT(error.hint(), Not(IsEmpty()));
    EXPECT_EQ(memory.read("/d/file"), "old");
  } else {
    replace_file(memory, "/d/file", "new");
    EXPECT_EQ(memory.read("/d/file"), "new");
    EXPECT_EQ(memory.info("/d/file")->owner, ours);
    EXPECT_EQ(memory.info("/d/file")->group, one.group_afterwards);
    EXPECT_EQ(memory.info("/d/file")->mode, one.mode_afterwards);
  }
  EXPECT_THAT(memory.files_below("/d"), ElementsAre("/d/file"));
}

INSTANTIATE_TEST_SUITE_P(
    All, ReplaceFileOfOther,
    testing::Values(
        OwnerCase{"OurOwn", ours, our_group, 0640, our_group, 0640},
        OwnerCase{"OurOwnOfASharedGroup", ours, shared_group, 0660, shared_group, 0660},
        OwnerCase{"OurOwnOfAForeignGroup", ours, their_group, 0664, our_group, 0644},
        OwnerCase{"OurOwnThatAForeignGroupMayRead", ours, their_group, 0640, 0, 0},
        OwnerCase{"TheirsThatAllMayRead", theirs, their_group, 0644, our_group, 0644},
        OwnerCase{"TheirsOfASharedGroup", theirs, shared_group, 0664, shared_group, 0664},
        OwnerCase{"TheirsThatAllMayRun", theirs, shared_group, 04755, shared_group, 0755},
        OwnerCase{"TheirsThatOnlyTheyMayRun", theirs, shared_group, 0744, 0, 0},
        OwnerCase{"TheirsThatOnlyTheyMayRead", theirs, shared_group, 0600, 0, 0}),
    [](const auto& test) { return test.param.name; });

// Whichever step fails: the old file is there, and nothing else.
TEST(ReplaceFile, AFailureAtAnyStepLeavesNothing) {
  for (const char* step : {"create", "set owner", "append", "set mode", "sync", "rename"}) {
    MemoryFileSystem memory;
    memory.add_file("/d/file", "old");
    memory.set_hook([&](const std::string& action, const std::string& path) {
      if (action == step) throw system_error(action, path, EIO);
    });
    const Error error = failure_of([&] { replace_file(memory, "/d/file", "new"); });
    EXPECT_EQ(error.error_number(), EIO) << step;
    EXPECT_THAT(error.message(), AllOf(HasSubstr("/d/file"), Not(HasSubstr(".relup-new"))));
    EXPECT_EQ(memory.read("/d/file"), "old") << step;
    EXPECT_THAT(memory.files_below("/d"), ElementsAre("/d/file")) << step;
  }
}

TEST(ReplaceFile, AFullDiskLeavesNothing) {
  MemoryFileSystem memory;
  memory.add_file("/d/file", "old");
  memory.set_byte_budget(2);
  const Error error = failure_of([&] { replace_file(memory, "/d/file", "new"); });
  EXPECT_EQ(error.message(), "cannot write /d/file: No space left on device");
  EXPECT_THAT(error.hint(), HasSubstr("free some space"));
  EXPECT_EQ(memory.read("/d/file"), "old");
  EXPECT_THAT(memory.files_below("/d"), ElementsAre("/d/file"));
}

TEST(ReplaceFile, AFailureOfTheContentIsPassedOnAsItIs) {
  MemoryFileSystem memory;
  const Error error = failure_of([&] {
    replace_file(memory, "/file", [&](WritableFile& file) {
      file.append("a");
      file.append(memory.read("/nowhere"));
    });
  });
  EXPECT_EQ(error.message(), "cannot open /nowhere: No such file or directory");
  EXPECT_THAT(memory.files_below("/"), IsEmpty());
}

// A link in a folder, its file in another: that is the folder to sync.
TEST(ReplaceFile, SurvivesACrashAtAnyStepBehindALink) {
  for (int step = 1;; ++step) {
    MemoryFileSystem memory;
    memory.add_file("/there/file", "old");
    memory.add_symlink("/here/link", "../there/file");
    int count = 0;
    memory.set_hook([&](const std::string&, const std::string&) {
      if (++count == step) throw Error(ErrorCode::bug, "the power is gone");
    });
    bool finished = true;
    try {
      replace_file(memory, "/here/link", "new");
    } catch (const Error&) {
      finished = false;
    }
    memory.crash();
    EXPECT_EQ(memory.read("/there/file"), finished ? "new" : "old") << step;
    EXPECT_EQ(memory.read_link("/here/link"), "../there/file");
    if (finished) break;
  }
}

}  // namespace
}  // namespace relup
