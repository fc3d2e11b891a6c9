// SPDX-License-Identifier: Apache-2.0
//
// Stock releases whose node runs as a user of its own, and relup that root calls: the configuration
// of each is one that the node has to resolve and write (runtime.exs of Mix, sys.config.src of
// relx).

#include <iostream>

#include <unistd.h>

#include "live/support/service_user.hpp"
#include "site_test.hpp"

namespace relup::live_tests {
namespace {

using testing::IsEmpty;

const ProjectBuilds& mix_builds() {
  static const ProjectBuilds made(tools(), shop());
  return made;
}

const ProjectBuilds& relx_builds() {
  static const ProjectBuilds made(tools(), depot());
  return made;
}

class StockReleaseOfAnotherUser : public SiteTest {
 protected:
  explicit StockReleaseOfAnotherUser(const ProjectBuilds& builds) : SiteTest(builds) {}

  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "not root: no node can be started as another user";
    std::filesystem::permissions(site_.directory(), std::filesystem::perms(0711));
    give_all(site_.root(), service_user);
    print_owners(std::cout, "before", site_.root());
    site_.start_under(as_service_user());
    site_.start();
  }

  // Owned by the node's user, and written by it alone.
  void expect_own() { EXPECT_THAT(not_only_of(site_.root(), service_user), IsEmpty()); }

  void go(const std::vector<std::string>& arguments, const std::string& version) {
    relup(arguments);
    EXPECT_EQ(ask("version"), version);
    expect_own();
  }
};

class MixOfAnotherUser : public StockReleaseOfAnotherUser {
 protected:
  MixOfAnotherUser() : StockReleaseOfAnotherUser(mix_builds()) {}
};

class RelxOfAnotherUser : public StockReleaseOfAnotherUser {
 protected:
  RelxOfAnotherUser() : StockReleaseOfAnotherUser(relx_builds()) {}
};

TEST_F(MixOfAnotherUser, GoesUpAndDownAndRemoves) {
  go({"upgrade", "2.9.6-rc.0"}, "2.9.6-rc.0");
  EXPECT_EQ(setting("shop", "api_secret"), "{ok,<<\"pepper\">>}");
  print_owners(std::cout, "after the upgrade", site_.root());
  go({"downgrade", "2.9.4"}, "2.9.4");
  go({"remove", "2.9.6-rc.0"}, "2.9.4");
  go({"upgrade", "2.9.6-rc.0"}, "2.9.6-rc.0");
  site_.start();
  EXPECT_EQ(ask("version"), "2.9.6-rc.0");
}

TEST_F(RelxOfAnotherUser, GoesUpAndDownAndRemoves) {
  go({"upgrade", "0.10.0-beta.1"}, "0.10.0-beta.1");
  EXPECT_EQ(mode_of(file("releases/0.10.0-beta.1/sys.config")), 0600U);
  print_owners(std::cout, "after the upgrade", site_.root());
  site_.start();  // by the launcher that the commit has switched
  EXPECT_EQ(ask("version"), "0.10.0-beta.1");
  const std::string old = relx_builds().project().versions.front();
  go({"downgrade", old}, old);
  go({"remove", "0.10.0-beta.1"}, old);
}

}  // namespace
}  // namespace relup::live_tests
