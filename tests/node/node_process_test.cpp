// SPDX-License-Identifier: Apache-2.0
#include "node/node_process.hpp"

#include <gtest/gtest.h>

#include "support/memory_file_system.hpp"

namespace relup::node {
namespace {

class PidOnHost : public testing::Test {
 protected:
  PidOnHost() {
    run("self", "pid:[1]", "99");
    run("17", "pid:[2]", "17\t1");
    run("23", "pid:[3]", "23\t1");
  }

  void run(const std::string& pid, const std::string& space, const std::string& numbers) {
    files_.add_symlink("/proc/" + pid + "/ns/pid", space);
    files_.add_file("/proc/" + pid + "/status", "Name:\tbeam.smp\nNSpid:\t" + numbers + "\n");
  }
  std::string on_host(const std::string& pid, const std::string& space) {
    return pid_on_host(files_, "/proc", pid, space);
  }

  support::MemoryFileSystem files_;
};

// Two containers of one root have a process 1 each.
TEST_F(PidOnHost, IsThatOfTheProcessInItsNamespace) {
  EXPECT_EQ(on_host("1", "pid:[2]"), "17");
  EXPECT_EQ(on_host("1", "pid:[3]"), "23");
}

TEST_F(PidOnHost, IsTheSameInOurNamespaceAndWhereNothingIsKnown) {
  EXPECT_EQ(on_host("23", "pid:[1]"), "23");
  EXPECT_EQ(on_host("23", ""), "23");
  files_.remove_all("/proc/self");
  EXPECT_EQ(on_host("1", "pid:[2]"), "1");
}

TEST_F(PidOnHost, IsNoneOfAProcessThatWeDoNotSee) {
  EXPECT_EQ(on_host("2", "pid:[2]"), "");
  EXPECT_EQ(on_host("1", "pid:[4]"), "");
}

TEST(OtherNetwork, IsToldByTheLinkOfTheProcess) {
  support::MemoryFileSystem files;
  files.add_symlink("/proc/self/ns/net", "net:[1]");
  files.add_symlink("/proc/17/ns/net", "net:[1]");
  files.add_symlink("/proc/23/ns/net", "net:[2]");
  EXPECT_FALSE(is_in_other_network(files, "/proc", "17"));
  EXPECT_TRUE(is_in_other_network(files, "/proc", "23"));
  EXPECT_FALSE(is_in_other_network(files, "/proc", "42"));
}

}  // namespace
}  // namespace relup::node
