// SPDX-License-Identifier: Apache-2.0
#include "base/file_system.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/temporary_directory.hpp"

namespace relup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FileSystem& files() {
  return real_file_system();
}

void write(const std::string& path, std::string_view bytes) {
  const auto file = files().create(path, 0644);
  file->append(bytes);
  file->sync();
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    return error.message();
  }
  ADD_FAILURE() << "no Error";
  return "";
}

std::vector<std::string> names(const std::vector<DirectoryEntry>& entries) {
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : entries)
    names.push_back(entry.name);
  return names;
}

TEST(FileSystem, ReadsWhatWasWritten) {
  const support::TemporaryDirectory directory;
  std::string bytes;
  for (int i = 0; i < 100000; ++i)
    bytes += static_cast<char>(i * 31);
  write(directory / "file", bytes);
  EXPECT_EQ(files().read(directory / "file"), bytes);
  EXPECT_EQ(files().read_if_exists(directory / "file"), bytes);
  write(directory / "empty", "");
  EXPECT_EQ(files().read(directory / "empty"), "");
}

// Such files claim to be empty.
TEST(FileSystem, ReadsFilesOfTheKernel) {
  EXPECT_THAT(files().read("/proc/self/status"), HasSubstr("Name:"));
}

TEST(FileSystem, NoFileIsAnAnswerOnlyWhereAsked) {
  const support::TemporaryDirectory directory;
  write(directory / "file", "x");
  const std::string missing = directory / "missing";
  EXPECT_EQ(files().read_if_exists(missing), std::nullopt);
  EXPECT_EQ(files().read_if_exists(directory / "file/below"), std::nullopt);
  EXPECT_THAT(message_of([&] { files().read(missing); }),
              HasSubstr("cannot open " + missing + ": No such file"));
  EXPECT_THAT(message_of([&] { files().read(directory.path()); }), HasSubstr("Is a directory"));
  EXPECT_THAT(message_of([&] { files().read_if_exists(directory.path()); }),
              HasSubstr("Is a directory"));
  EXPECT_THAT(message_of([&] { files().list(missing); }), HasSubstr("cannot list"));
  EXPECT_THAT(message_of([&] { files().remove_file(missing); }), HasSubstr("cannot remove"));
}

TEST(FileSystem, CreateRefusesWhatExists) {
  const support::TemporaryDirectory directory;
  write(directory / "file", "old");
  files().make_symlink("nowhere", directory / "link");
  for (const char* name : {"file", "link"}) {
    const std::string path = directory / name;
    EXPECT_THAT(message_of([&] { files().create(path, 0644); }), HasSubstr("File exists"));
  }
  EXPECT_EQ(files().read(directory / "file"), "old");
  EXPECT_EQ(files().info(directory / "nowhere"), std::nullopt);
}

// Whatever the umask is: a release must be readable by whom its archive says.
TEST(FileSystem, CreateSetsTheMode) {
  const support::TemporaryDirectory directory;
  const mode_t before = ::umask(077);
  files().create(directory / "file", 0755);
  ::umask(before);
  EXPECT_EQ(files().info(directory / "file")->mode, 0755U);
}

TEST(FileSystem, ListsSortedByName) {
  const support::TemporaryDirectory directory;
  for (const char* name : {"b", "a10", "a9", "Z", ".hidden", "\u00e9"})
    write(directory / name, "");
  files().make_directories(directory / "d");
  files().make_symlink("d", directory / "c");
  const std::vector<DirectoryEntry> entries = files().list(directory.path());
  EXPECT_THAT(names(entries), ElementsAre(".hidden", "Z", "a10", "a9", "b", "c", "d", "\u00e9"));
  EXPECT_EQ(entries[4].type, FileType::regular);
  EXPECT_EQ(entries[5].type, FileType::symlink);
  EXPECT_EQ(entries[6].type, FileType::directory);
}

TEST(FileSystem, LooksThroughALinkOrAtIt) {
  const support::TemporaryDirectory directory;
  write(directory / "file", "four");
  files().make_symlink("file", directory / "link");
  files().make_symlink("nowhere", directory / "dangling");
  EXPECT_EQ(files().info(directory / "link")->type, FileType::regular);
  EXPECT_EQ(files().info(directory / "link")->size, 4U);
  EXPECT_EQ(files().link_info(directory / "link")->type, FileType::symlink);
  EXPECT_EQ(files().info(directory / "dangling"), std::nullopt);
  EXPECT_TRUE(files().link_info(directory / "dangling").has_value());
  EXPECT_TRUE(files().is_directory(directory.path()));
  EXPECT_FALSE(files().is_file(directory.path()));
  EXPECT_TRUE(files().is_file(directory / "link"));
  EXPECT_FALSE(files().is_file(directory / "file/below"));
}

TEST(FileSystem, MakesAndRemovesTrees) {
  const support::TemporaryDirectory directory;
  const std::string deep = directory / "a/b/c";
  files().make_directories(deep);
  files().make_directories(deep);
  write(deep + "/file", "x");
  write(directory / "outside", "x");
  files().make_symlink(directory / "outside", directory / "a/link");
  EXPECT_THAT(message_of([&] { files().make_directories(deep + "/file/d"); }),
              HasSubstr("cannot create directory"));
  files().remove_all(directory / "a");
  files().remove_all(directory / "a");
  EXPECT_THAT(names(files().list(directory.path())), ElementsAre("outside"));
}

TEST(FileSystem, RenameReplacesFilesButNotDirectories) {
  const support::TemporaryDirectory directory;
  write(directory / "new", "new");
  write(directory / "old", "old");
  files().rename(directory / "new", directory / "old");
  EXPECT_EQ(files().read(directory / "old"), "new");
  files().make_directories(directory / "d");
  EXPECT_THAT(message_of([&] { files().rename(directory / "old", directory / "d"); }),
              HasSubstr("cannot rename"));
}

TEST(FileSystem, KnowsTheFreeSpace) {
  const support::TemporaryDirectory directory;
  EXPECT_GT(files().free_bytes(directory.path()), 0U);
  EXPECT_NE(files().free_files(directory.path()), 0U);
  EXPECT_THAT(message_of([&] { files().free_bytes(directory / "missing"); }),
              HasSubstr("cannot measure"));
}

TEST(FileSystem, ReadsALinkAsItIs) {
  const support::TemporaryDirectory directory;
  files().make_symlink("../some/where", directory / "link");
  EXPECT_EQ(files().read_link(directory / "link"), "../some/where");
  write(directory / "file", "x");
  EXPECT_THAT(message_of([&] { files().read_link(directory / "file"); }),
              HasSubstr("cannot read the link"));
}

TEST(FileSystem, AnErrorKnowsTheNumberOfTheSystem) {
  const support::TemporaryDirectory directory;
  write(directory / "file", "x");
  files().make_symlink("loop", directory / "loop");
  const auto number_of = [&](const std::string& path) {
    const auto read = read_or_error(files(), path);
    return std::holds_alternative<Error>(read) ? std::get<Error>(read).error_number() : 0;
  };
  EXPECT_EQ(number_of(directory / "file"), 0);
  EXPECT_EQ(number_of(directory / "missing"), ENOENT);
  EXPECT_EQ(number_of(directory / "file/below"), ENOTDIR);
  EXPECT_EQ(number_of(directory / "loop"), ELOOP);
  EXPECT_EQ(number_of(directory.path()), EISDIR);
  EXPECT_EQ(number_of(directory / std::string(300, 'a')), ENAMETOOLONG);
}

// Runs `work` in a process of its own, which then waits to be killed. `ready` tells what it
// answered.
class Holder {
 public:
  explicit Holder(const std::function<bool()>& work) {
    int ends[2];
    if (::pipe(ends) != 0) throw system_error("make", "a pipe", errno);
    pid_ = ::fork();
    if (pid_ == 0) {
      const char answer = work() ? 'y' : 'n';
      if (::write(ends[1], &answer, 1) != 1) ::_exit(1);
      ::pause();
      ::_exit(0);
    }
    ::close(ends[1]);
    char answer = '?';
    if (::read(ends[0], &answer, 1) != 1) answer = '?';
    ::close(ends[0]);
    ready_ = answer == 'y';
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { kill(); }

  bool ready() const { return ready_; }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  bool ready_ = false;
};

TEST(FileLock, IsExclusiveBetweenProcessesAndFreedByDeath) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  std::unique_ptr<FileLock> in_child;
  Holder holder([&] {
    in_child = files().try_lock(path, "pid of the child");
    return in_child != nullptr;
  });
  ASSERT_TRUE(holder.ready());
  EXPECT_EQ(files().try_lock(path, "us"), nullptr);
  EXPECT_EQ(files().read(path), "pid of the child");
  holder.kill();
  const auto ours = files().try_lock(path, "us");
  EXPECT_NE(ours, nullptr);
  EXPECT_EQ(files().read(path), "us");
}

TEST(FileLock, IsExclusiveWithinAProcessAndFreedByItsEnd) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  auto first = files().try_lock(path, "a long first holder");
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(files().try_lock(path, "second"), nullptr);
  EXPECT_EQ(files().read(path), "a long first holder");
  first.reset();
  const auto second = files().try_lock(path, "second");
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(files().read(path), "second");
}

TEST(FileLock, CanBeLookedAtWithoutTakingIt) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  EXPECT_EQ(files().lock_holder(path), std::nullopt);
  EXPECT_FALSE(files().is_file(path));
  auto held = files().try_lock(path, "somebody");
  EXPECT_EQ(files().lock_holder(path), "somebody");
  EXPECT_EQ(files().try_lock(path, "us"), nullptr);
  held.reset();
  EXPECT_EQ(files().lock_holder(path), std::nullopt);
}

TEST(FileLock, OfAProcessThatHasDiedIsHeldByNobody) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  std::unique_ptr<FileLock> in_child;
  Holder holder([&] {
    in_child = files().try_lock(path, "pid of the child");
    return in_child != nullptr;
  });
  ASSERT_TRUE(holder.ready());
  EXPECT_EQ(files().lock_holder(path), "pid of the child");
  holder.kill();
  EXPECT_EQ(files().lock_holder(path), std::nullopt);
  EXPECT_EQ(files().read(path), "pid of the child");
}

// A look that takes the lock itself, if only for a moment, keeps others from it in that moment.
TEST(FileLock, IsNeverInTheWayOfWhoWantsItSinceSomebodyLooks) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  write(path, "left by one that was killed");
  std::atomic<bool> stop = false;
  std::atomic<int> looks = 0;
  std::thread reader([&] {
    for (; !stop; ++looks)
      files().lock_holder(path);
  });
  int refused = 0;
  for (int i = 0; i < 300 || looks < 300; ++i)
    refused += files().try_lock(path, "us") == nullptr ? 1 : 0;
  stop = true;
  reader.join();
  EXPECT_EQ(refused, 0);
}

// Of many that want it at once, one has it at a time, and the others can say who.
TEST(FileLock, IsHeldByOneAtATimeWhoIsNamed) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  std::atomic<int> inside = 0;
  std::atomic<int> clashes = 0;
  std::atomic<int> unnamed = 0;
  std::atomic<int> held = 0;
  const auto compete = [&] {
    for (int i = 0; i < 100; ++i) {
      const auto lock = files().try_lock(path, "a competitor");
      if (!lock) {
        const auto holder = files().lock_holder(path);
        unnamed += holder && *holder != "a competitor" ? 1 : 0;
        continue;
      }
      ++held;
      clashes += ++inside == 1 ? 0 : 1;
      --inside;
    }
  };
  std::vector<std::thread> competitors;
  for (int i = 0; i < 4; ++i)
    competitors.emplace_back(compete);
  for (std::thread& each : competitors)
    each.join();
  EXPECT_EQ(clashes, 0);
  EXPECT_EQ(unnamed, 0);
  EXPECT_GT(held, 0);
}

TEST(FileLock, IsNotLeftToWhoeverIsStartedMeanwhile) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  auto held = files().try_lock(path, "us");
  std::filesystem::create_hard_link(path, path + ".same");
  const std::string command = "sleep 60 & echo $! > " + path + ".pid";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(files().lock_holder(path + ".same"), "us");
  held.reset();
  EXPECT_EQ(files().lock_holder(path + ".same"), std::nullopt);
  ::kill(std::stoi(files().read(path + ".pid")), SIGKILL);
}

TEST(FileLock, FollowsNoLink) {
  const support::TemporaryDirectory directory;
  write(directory / "precious", "keep");
  files().make_symlink("precious", directory / "lock");
  EXPECT_THAT(message_of([&] { files().try_lock(directory / "lock", "x"); }),
              HasSubstr("cannot lock"));
  EXPECT_EQ(files().read(directory / "precious"), "keep");
}

}  // namespace
}  // namespace relup
