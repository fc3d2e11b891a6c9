// SPDX-License-Identifier: Apache-2.0
//
// A host in trouble: the node is away or does not let us in, the disk is full, somebody else is at
// work, the install itself fails. The exit code tells which of it, the old release goes on, and the
// files of the host are what they were.

#include <csignal>
#include <filesystem>
#include <thread>

#include <sys/mount.h>

#include "live/support/child_process.hpp"
#include "live/support/listing.hpp"
#include "live/support/source_variant.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class BadHostTest : public LiveTest {
 protected:
  void start(const BuildMachine& builds) {
    LiveTest::start(builds);
    before_ = list_host(site_.root());
  }

  void expect_unchanged() { EXPECT_THAT(differences(before_, list_host(site_.root())), IsEmpty()); }
  // An upgrade to 1.1.0 ends with `exit_code`, says `message`, and changes nothing.
  void expect_refused(int exit_code, const std::string& message,
                      const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments = {"upgrade", "1.1.0"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    EXPECT_THAT(relup(arguments, exit_code).errors, HasSubstr(message));
    expect_unchanged();
  }
  void signal_node(int number) { send_signal(site_.node().pid(), number); }

  Listing before_;
};

TEST_F(BadHostTest, TheCookieIsWrong) {
  start(standard_builds());
  const fs::path file = site_.directory() / "cookie";
  write_file(file, "another_cookie");
  fs::permissions(file, fs::perms::owner_read);
  expect_refused(2, "cookie", {"--cookie-file", file});
  expect_refused(2, "no such file", {"--cookie-file", file.string() + ".old"});
  expect_running("1.0.0", "1.0.0");
}

TEST_F(BadHostTest, TheNodeIsDown) {
  start(standard_builds());
  site_.node().stop();
  expect_refused(75, "tally");
}

TEST_F(BadHostTest, TheNodeDoesNotAnswer) {
  start(standard_builds());
  signal_node(SIGSTOP);
  expect_refused(75, "tally@127.0.0.1");
  signal_node(SIGCONT);
  expect_running("1.0.0", "1.0.0");
}

TEST_F(BadHostTest, ThereIsNoEpmd) {
  start(standard_builds());
  const std::string port = std::to_string(site_.epmd().port());
  site_.stop_epmd();
  expect_refused(75, port);
}

TEST_F(BadHostTest, TheReleaseRunsAlready) {
  start(standard_builds());
  EXPECT_THAT(relup({"upgrade", "1.0.0"}, 1).errors, HasSubstr("running already"));
  expect_unchanged();
}

TEST_F(BadHostTest, AnotherRelupIsAtWork) {
  start(standard_builds());
  signal_node(SIGSTOP);  // the first one waits for the node
  const auto first = site_.start_relup({"upgrade", "1.1.0"});
  while (first->running() && first->errors_so_far().empty() &&
         !fs::exists(site_.root() / "releases/.relup.lock")) {
    std::this_thread::sleep_for(5ms);
  }
  std::this_thread::sleep_for(50ms);
  const RelupResult second = relup({"upgrade", "1.1.0"}, 75);
  signal_node(SIGCONT);
  EXPECT_THAT(second.errors, HasSubstr("pid " + std::to_string(first->pid()) + " (relup upgrade "));
  const RelupResult done = first->finish();
  EXPECT_EQ(done.exit_code, 0) << done;
  expect_running("1.1.0", "1.1.0");
}

// Every write beyond 4 KiB of a file fails with EFBIG, as one on a full disk fails with ENOSPC.
TEST_F(BadHostTest, WritesFail) {
  start(standard_builds());
  const RelupResult result =
      site_.relup_under({"sh", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"},
                        {"upgrade", "1.1.0", "--progress", "none"});
  EXPECT_EQ(result.exit_code, 3) << result;
  EXPECT_THAT(result.errors, HasSubstr("write"));
  EXPECT_THAT(result.errors, HasSubstr(".relup-staging"));
  expect_unchanged();
  expect_running("1.0.0", "1.0.0");
}

// A file system of its own under the host, of few bytes or few files.
class SmallDisk {
 public:
  SmallDisk(const fs::path& directory, const std::string& limits) : directory_(directory) {
    fs::create_directories(directory);
    is_mounted_ = ::mount("relup-test", directory.c_str(), "tmpfs", 0, limits.c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(directory_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool is_mounted() const { return is_mounted_; }

 private:
  fs::path directory_;
  bool is_mounted_ = false;
};

TEST_F(BadHostTest, TheDiskIsFull) {
  const auto files = list_tree(standard_builds().old_root()).size();
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(standard_builds().old_root())) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  const std::string few_files = "nr_inodes=" + std::to_string(files + 20);
  const std::string few_bytes =
      "size=" + std::to_string(bytes + files * 4096 + fs::file_size(standard_builds().tarball()));
  for (const std::string& limits : {few_files, few_bytes}) {
    SCOPED_TRACE(limits);
    Site site(tools());
    const SmallDisk disk(site.root(), limits);
    if (!disk.is_mounted()) GTEST_SKIP() << "may not mount a small disk";
    site.deploy(standard_builds());
    site.node().start();
    const Listing before = list_host(site.root());
    const RelupResult check = site.relup({"check", "1.1.0"});
    EXPECT_EQ(check.exit_code, 1) << check;
    EXPECT_THAT(check.output, HasSubstr("not enough space"));
    const RelupResult result = site.relup({"upgrade", "1.1.0", "--progress", "none"});
    EXPECT_EQ(result.exit_code, 3) << result;
    EXPECT_THAT(result.errors, HasSubstr("space"));
    EXPECT_THAT(differences(before, list_host(site.root())), IsEmpty());
    EXPECT_EQ(live_tests::ask(site.node().port(), "version"), "tally 1.0.0");
    site.node().stop();
  }
}

// The release handler would keep the files that are there.
TEST_F(BadHostTest, AnotherLibraryOfTheSameVersionIsThere) {
  start(standard_builds());
  const fs::path ebin = site_.root() / "lib/tally-1.1.0/ebin";
  fs::create_directories(ebin);
  write_file(ebin / "tally.app", "{application, tally, []}.");
  before_ = list_host(site_.root());
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr("another tally.app"));
  expect_unchanged();
  expect_refused(3, "another tally.app");
  expect_running("1.0.0", "1.0.0");
}

class FailingApplyTest : public BadHostTest {
 protected:
  // Starts 1.0.0, with a 1.1.0 that has `instruction` in front of the point of no return.
  void start_with(const std::string& instruction) {
    BuildMachine builds(tools());
    builds.build();
    must_succeed(builds.generate());
    shell("sed -i '0,/point_of_no_return/s//" + instruction + ", point_of_no_return/' " +
              "releases/1.1.0/relup",
          builds.new_root());
    must_succeed(builds.pack());
    start(builds);
  }
};

// The release handler runs these instructions for its check already.
TEST_F(FailingApplyTest, AtTheCheck) {
  start_with("{apply,{erlang,error,[no_luck]}}");
  Load load(site_.node().port());
  expect_refused(4, "no_luck");
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 4).errors, HasSubstr("the node was not restarted"));
  load.go_round();
  load.stop();
  expect_running("1.0.0", "1.0.0");
}

// What can be done only once fails when the install does it again. By then the release handler has
// given the applications the configuration of 1.1.0; that is taken back.
TEST_F(FailingApplyTest, AtTheInstall) {
  start_with("{apply,{ets,new,[no_luck,[named_table]]}}");
  Load load(site_.node().port());
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 4).errors,
              AllOf(HasSubstr("was not begun and the node was not restarted"),
                    HasSubstr("badarg in ets:new/2")));
  load.go_round();
  load.stop();
  expect_running("1.0.0", "1.0.0");
}

// In a way that no copy of its state shows.
TEST_F(BadHostTest, ACodeChangeCrashes) {
  SourceVariant sources(tools().testdata);
  sources.replace("1.1.0/src/tally_counter.erl", "Peak = tally_stats:peak(Counts),",
                  "Peak = case whereis(tally_sup) of\n"
                  "        undefined -> tally_stats:peak(Counts);\n"
                  "        _ -> tally_stats:peak(no_luck)\n"
                  "    end,");
  BuildMachine builds(sources.with(tools()));
  builds.make_tarball();
  start(builds);
  expect_refused(4,
                 "the node was restarted: all connections and state were lost; the old release "
                 "1.0.0 is verified to be running");
  expect_running("1.0.0", "1.0.0");
  site_.node().restart();
  expect_running("1.0.0", "1.0.0");

  const RelupResult again = relup({"upgrade", "1.1.0", "--format", "json"}, 4);
  EXPECT_EQ(nlohmann::json::parse(again.output).at("node_restarted"), true) << again;
  EXPECT_THAT(again.errors, HasSubstr("the node was restarted"));
}

}  // namespace
}  // namespace relup::live_tests
