// SPDX-License-Identifier: Apache-2.0
//
// A node that runs as a user of its own, and relup that root calls. Whatever is made belongs to the
// node's user and is written by nobody else; what cannot work is refused before anything is done.

#include <iostream>

#include <sys/stat.h>
#include <unistd.h>

#include "live/support/listing.hpp"
#include "live/support/service_user.hpp"
#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "support/reliability_page.hpp"
#include "term/printer.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uid_t somebody = 12345;  // neither root nor the node's user

class OtherUserTest : public LiveTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "not root: no node can be started as another user";
  }

  void deploy(const BuildMachine& builds) {
    site_.deploy(builds);
    fs::create_directories(site_.root() / "log");
    fs::permissions(site_.directory(), fs::perms(0711));
    give_all(site_.root(), service_user);
    site_.node().start_under(as_service_user());
  }

  void start(const BuildMachine& builds) {
    deploy(builds);
    site_.node().start();
    ASSERT_EQ(owner_of("/proc/" + std::to_string(site_.node().pid())), service_user);
    give_all(site_.root() / "log", service_user);
  }

  fs::path file(const std::string& name) const { return site_.root() / name; }

  // What the node makes for itself is its own affair.
  void expect_all_of_service_user() {
    std::vector<std::string> found = not_only_of(site_.root(), service_user);
    std::erase_if(found, [](const std::string& each) {
      return each.starts_with("log") || each.starts_with("tally.port");
    });
    EXPECT_THAT(found, IsEmpty());
    foreign_ += found.size();
  }
  std::size_t foreign_ = 0;

  // Nothing is done, and `part` is said.
  void expect_refused(const std::vector<std::string>& arguments, int exit_code,
                      const testing::Matcher<const std::string&>& told) {
    const Listing before = list_host(site_.root());
    EXPECT_THAT(relup(arguments, exit_code).errors, told);
    EXPECT_THAT(differences(before, list_host(site_.root())), IsEmpty());
    EXPECT_EQ(ask("version"), "tally 1.0.0");
  }
};

class UmaskTest : public OtherUserTest, public testing::WithParamInterface<const char*> {
 protected:
  void change(const std::vector<std::string>& arguments) {
    const RelupResult result = site_.relup_under(under_umask(GetParam()), arguments);
    EXPECT_EQ(result.exit_code, 0) << result;
    expect_all_of_service_user();
  }
};

TEST_P(UmaskTest, EveryVerbLeavesARootThatIsTheNodesOwn) {
  deploy(standard_builds());
  std::vector<std::string> words = under_umask(GetParam());
  for (const std::string& word : as_service_user())
    words.push_back(word);
  site_.node().start_under(words);
  site_.node().start();
  const std::string umask = std::string("umask ") + GetParam();
  print_owners(std::cout, "before, " + umask, site_.root());
  change({"upgrade", "1.1.0"});
  EXPECT_EQ(mode_of(file("lib/tally-1.1.0")), 0755U);
  EXPECT_EQ(mode_of(file("lib/tally-1.1.0/ebin/tally.app")), 0644U);
  print_owners(std::cout, "after the upgrade, " + umask, site_.root());
  change({"downgrade", "1.0.0"});
  change({"remove", "1.1.0"});
  EXPECT_FALSE(fs::exists(file("lib/tally-1.1.0")));
  change({"upgrade", "1.1.0", "--no-commit"});
  change({"rollback"});
  change({"upgrade", "1.1.0", "--no-commit"});
  change({"commit"});
  site_.node().restart();
  expect_running("1.1.0", "1.1.0");
  support::tell_reliability(
      "users", umask,
      {"7", std::to_string(list_host(site_.root()).size()), std::to_string(foreign_)});
}

INSTANTIATE_TEST_SUITE_P(Umasks, UmaskTest, testing::Values("000", "022", "077"));

// The fall: with the user that the node has not, nothing below the root is its own.
TEST_F(OtherUserTest, WhatRootUnpacksIsNotTheNodes) {
  deploy(standard_builds());
  shell("tar xzf releases/tally-1.1.0.tar.gz --no-same-owner", site_.root());
  EXPECT_THAT(not_only_of(site_.root(), service_user),
              testing::Contains(HasSubstr("releases/1.1.0 (owner 0")));
  site_.node().start();
  fs::remove(site_.tarball());
  expect_refused({"upgrade", "1.1.0"}, 3,
                 AllOf(HasSubstr("releases/1.1.0 belongs to root, and nobody, to whom the folder "
                                 "above belongs, may not write it"),
                       HasSubstr("chown -R nobody " + site_.root().string())));
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr("releases/1.1.0 belongs to root"));
  give_all(file("releases/1.1.0"), service_user);
  relup({"upgrade", "1.1.0"});
}

TEST_F(OtherUserTest, ItIsSaidAsWhomRelupWorks) {
  start(standard_builds());
  const std::string node = std::to_string(site_.node().pid());
  EXPECT_THAT(relup({"check", "1.1.0", "-v"}).errors,
              HasSubstr("works as nobody, as which process " + node +
                        " of the node runs, and no longer as root"));
  site_.node().stop();
  EXPECT_THAT(relup({"status", "-v"}, 75).errors,
              HasSubstr("works as nobody, to whom the root belongs, and no longer as root"));
}

// Filled in by the node when it installs, beside its source, as the start script of relx does it.
TEST_F(OtherUserTest, ASourceOfTheConfigurationIsFilledInAndStaysSecret) {
  BuildMachine builds(tools());
  builds.build();
  const fs::path release = builds.new_root() / "releases/1.1.0";
  std::string config = read_file(release / "sys.config");
  config.insert(config.find('[', config.find("{tally,")) + 1, "{spice,\"${TALLY_SPICE}\"},");
  write_file(release / "sys.config.src", config);
  for (const char* secret : {"sys.config", "sys.config.src", "vm.args"})
    fs::permissions(release / secret, fs::perms(0600));
  must_succeed(builds.generate());
  must_succeed(builds.pack());
  deploy(builds);
  site_.node().start_under([] {
    std::vector<std::string> words = as_service_user();
    words.insert(words.end(), {"env", "TALLY_SPICE=pepper"});
    return words;
  }());
  site_.node().start();
  const RelupResult result = site_.relup_under(under_umask("000"), {"upgrade", "1.1.0"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(print(connect()->call("application", "get_env",
                                  {Term::atom("tally"), Term::atom("spice")}, Milliseconds{5'000})),
            "{ok,\"pepper\"}");
  for (const char* secret : {"sys.config", "sys.config.src", "vm.args"}) {
    EXPECT_EQ(mode_of(file(std::string("releases/1.1.0/") + secret)), 0600U) << secret;
    EXPECT_EQ(owner_of(file(std::string("releases/1.1.0/") + secret)), service_user) << secret;
  }
  print_owners(std::cout, "after the upgrade", site_.root());
  relup({"downgrade", "1.0.0"});
  relup({"upgrade", "1.1.0"});
  relup({"downgrade", "1.0.0"});
  relup({"remove", "1.1.0"});
}

// As an earlier relup, or an operator with an editor, has left them.
TEST_F(OtherUserTest, FilesThatRootHasRewrittenAreCommittedAgain) {
  start(standard_builds());
  relup({"upgrade", "1.1.0"});
  for (const char* name : {"releases/start_erl.data", "releases/RELEASES"})
    ASSERT_EQ(::chown(file(name).c_str(), 0, 0), 0) << name;
  relup({"downgrade", "1.0.0"});
  expect_all_of_service_user();
  site_.node().restart();
  expect_running("1.0.0", "1.0.0");
}

TEST_F(OtherUserTest, ARootOfAThirdOneIsRefusedWithWhoOwnsWhat) {
  start(standard_builds());
  ASSERT_EQ(::chown(site_.root().c_str(), somebody, somebody), 0);
  ASSERT_EQ(::chown(file("lib").c_str(), somebody, somebody), 0);
  const auto told = AllOf(HasSubstr("nobody, as which the release runs, may not write to " +
                                    site_.root().string() + " (owner 12345, mode 755)"),
                          HasSubstr(file("lib").string() + " (owner 12345, mode 755)"),
                          HasSubstr("chown -R nobody " + site_.root().string()));
  expect_refused({"upgrade", "1.1.0"}, 1, told);
  expect_refused({"check", "1.1.0"}, 1, told);
  // Whom the third one lets write may work.
  for (const fs::path& each : {site_.root(), file("lib")})
    fs::permissions(each, fs::perms(0777));
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(owner_of(file("lib/tally-1.1.0")), service_user);
}

// The files of the one could not be written by the other.
TEST_F(OtherUserTest, AThirdOneWhoCallsIsRefused) {
  start(standard_builds());
  fs::permissions(site_.directory(), fs::perms(0777));
  const Listing before = list_host(site_.root());
  const RelupResult result =
      site_.relup_under({"setpriv", "--reuid", "12345", "--clear-groups"}, {"upgrade", "1.1.0"});
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_THAT(result.errors, AllOf(HasSubstr("relup runs as 12345 and the node"),
                                   HasSubstr("call relup as nobody, or as root")));
  EXPECT_THAT(differences(before, list_host(site_.root())), IsEmpty());
}

TEST_F(OtherUserTest, WithoutANodeItIsTheOwnerOfTheRoot) {
  deploy(standard_builds());
  expect_all_of_service_user();
  EXPECT_THAT(relup({"upgrade", "1.1.0", "-v"}, 75).errors, HasSubstr("works as nobody"));
  expect_all_of_service_user();
}

TEST_F(OtherUserTest, ATarballThatOnlyRootMayReadIsInstalled) {
  start(standard_builds());
  const fs::path closed = site_.directory() / "closed";
  fs::create_directory(closed);
  fs::rename(site_.tarball(), closed / "new.tar.gz");
  ASSERT_EQ(::chown((closed / "new.tar.gz").c_str(), 0, 0), 0);
  fs::permissions(closed / "new.tar.gz", fs::perms(0600));
  fs::permissions(closed, fs::perms(0700));
  relup({"upgrade", "1.1.0", "--tarball", closed / "new.tar.gz"});
  expect_all_of_service_user();
}

// What may be written belongs to the root; a link in it leads root, and everybody else, elsewhere.
class LinkTest : public LiveTest {};

TEST_F(LinkTest, NothingIsWrittenByWayOfALinkOutOfTheRoot) {
  start(standard_builds());
  const fs::path outside = site_.directory() / "outside";
  fs::rename(site_.root() / "lib", outside);
  fs::create_symlink(outside, site_.root() / "lib");
  const Listing before = list_tree(outside);
  const Listing host_before = list_host(site_.root());
  EXPECT_THAT(
      relup({"upgrade", "1.1.0"}, 3).errors,
      HasSubstr((site_.root() / "lib").string() + " is a symbolic link to " + outside.string()));
  EXPECT_THAT(differences(before, list_tree(outside)), IsEmpty());
  expect_running("1.0.0", "1.0.0");
}

}  // namespace
}  // namespace relup::live_tests
