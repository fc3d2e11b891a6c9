// SPDX-License-Identifier: Apache-2.0
#include "node/node_finder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/memory_file_system.hpp"

namespace relup::node {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string vm_args = "/opt/shop/releases/1.0/vm.args";

class Finding : public testing::Test {
 protected:
  Finding() { files_.add_directory("/opt/shop/releases/1.0"); }

  NodeAddress find() {
    return find_node(
        request_,
        {.files = files_, .environment = environment_, .host_name = "build7.example.com"});
  }

  std::string failure() {
    try {
      find();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      return error.message();
    }
    ADD_FAILURE() << "finds a node";
    return "";
  }

  void add_process(const std::string& pid, std::vector<std::string> words,
                   const std::vector<std::string>& environment = {}) {
    words.insert(words.begin(), "/opt/shop/erts-13.1.5/bin/beam.smp");
    files_.add_file("/proc/" + pid + "/cmdline", zero_ended(words));
    files_.add_file("/proc/" + pid + "/environ", zero_ended(environment));
  }

  static std::string zero_ended(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
      text += word + std::string(1, '\0');
    return text;
  }

  support::MemoryFileSystem files_;
  FinderRequest request_{.root = "/opt/shop", .version = "1.0"};
  std::map<std::string, std::string> environment_;
};

TEST_F(Finding, ReadsTheArgumentsFileOfTheRelease) {
  files_.add_file(vm_args, "## name\n-name shop@10.0.0.5\n-setcookie  'secret'\n");
  const NodeAddress address = find();
  EXPECT_EQ(address.name, "shop@10.0.0.5");
  EXPECT_EQ(address.name_origin, vm_args);
  EXPECT_THAT(address.hosts, ElementsAre("10.0.0.5", "127.0.0.1"));
  EXPECT_EQ(address.cookie.reveal(), "secret");
  EXPECT_EQ(address.cookie_origin, vm_args);
  EXPECT_EQ(address.epmd_port, 4369);
  EXPECT_EQ(address.port_origin, "default");
}

TEST_F(Finding, NamesWithoutHostGetOurs) {
  files_.add_file(vm_args, "-sname shop -setcookie c");
  EXPECT_EQ(find().name, "shop@build7");
  files_.add_file(vm_args, "-name shop -setcookie c");
  EXPECT_EQ(find().name, "shop@build7.example.com");
}

TEST_F(Finding, NameFromTheNearestSource) {
  files_.add_file(vm_args, "-sname from_file -setcookie c");
  EXPECT_EQ(find().name, "from_file@build7");
  add_process("12", {"-root", "/opt/shop", "--", "-sname", "from_process"});
  EXPECT_EQ(find().name, "from_process@build7");
  EXPECT_EQ(find().name_origin, "command line of process 12");
  environment_["RELEASE_NODE"] = "from_variable";
  EXPECT_EQ(find().name_origin, "$RELEASE_NODE");
  request_.node = "from_option@elsewhere";
  EXPECT_EQ(find().name, "from_option@elsewhere");
  EXPECT_EQ(find().name_origin, "--node");
}

TEST_F(Finding, OnlyALocalNodeIsTriedOnLoopback) {
  environment_["RELEASE_COOKIE"] = "c";
  request_.node = "shop@elsewhere";
  EXPECT_THAT(find().hosts, ElementsAre("elsewhere"));
  request_.node = "shop@build7";
  EXPECT_THAT(find().hosts, ElementsAre("build7", "127.0.0.1"));
  request_.node = "shop";
  EXPECT_THAT(find().hosts, ElementsAre("build7", "127.0.0.1"));
  request_.node = "shop@127.0.0.1";
  EXPECT_THAT(find().hosts, ElementsAre("127.0.0.1"));
}

TEST_F(Finding, CookieFromTheNearestSource) {
  files_.add_file("/home/op/.config/erlang/.erlang.cookie", "config", 0400);
  files_.add_file(vm_args, "-sname shop");
  environment_["HOME"] = "/home/op";
  EXPECT_EQ(find().cookie.reveal(), "config");
  files_.add_file("/home/op/.erlang.cookie", "home\n", 0400);
  EXPECT_EQ(find().cookie.reveal(), "home");
  files_.add_file("/opt/shop/releases/COOKIE", "release====", 0400);
  EXPECT_EQ(find().cookie.reveal(), "release====");
  EXPECT_EQ(find().cookie_origin, "/opt/shop/releases/COOKIE");
  files_.add_file(vm_args, "-sname shop -setcookie file");
  EXPECT_EQ(find().cookie.reveal(), "file");
  add_process("12", {"-root", "/opt/shop", "-sname", "shop"}, {"RELEASE_COOKIE=environ"});
  EXPECT_EQ(find().cookie_origin, "$RELEASE_COOKIE of process 12");
  add_process("12", {"-root", "/opt/shop", "-sname", "shop", "-setcookie", "line"});
  EXPECT_EQ(find().cookie.reveal(), "line");
  environment_["RELEASE_COOKIE"] = "ours";
  EXPECT_EQ(find().cookie.reveal(), "ours");
  files_.add_file("/etc/shop.cookie", "option\n", 0400);
  request_.cookie_file = "/etc/shop.cookie";
  EXPECT_EQ(find().cookie.reveal(), "option");
  EXPECT_THAT(find().warnings, IsEmpty());
}

TEST_F(Finding, HomeOfTheEmulatorComesBeforeOurs) {
  files_.add_file("/home/op/.erlang.cookie", "operator", 0400);
  files_.add_file("/var/shop/.erlang.cookie", "service", 0400);
  environment_["HOME"] = "/home/op";
  add_process("12", {"-root", "/opt/shop", "-home", "/var/shop", "--", "-sname", "shop"});
  EXPECT_EQ(find().cookie.reveal(), "service");
}

TEST_F(Finding, WarnsOfAnOpenCookieFile) {
  request_.node = "shop";
  request_.cookie_file = "/etc/shop.cookie";
  files_.add_file("/etc/shop.cookie", "c", 0644);
  EXPECT_THAT(find().warnings, ElementsAre(HasSubstr("/etc/shop.cookie is open to others")));
}

TEST_F(Finding, ACookieIsNotInAnyMessage) {
  request_.node = "not a name@";
  environment_["RELEASE_COOKIE"] = "secret";
  EXPECT_THAT(failure(), testing::Not(HasSubstr("secret")));
}

TEST_F(Finding, SaysWhereItLookedForACookie) {
  request_.node = "shop";
  environment_["HOME"] = "/home/op";
  files_.add_file("/home/op/.erlang.cookie", "c", 0400);
  files_.forbid("/home/op/.erlang.cookie");
  files_.add_file("/opt/shop/releases/COOKIE", "\n");
  files_.add_file(vm_args, "-setcookie ${COOKIE}");
  const std::string message = failure();
  EXPECT_THAT(message, HasSubstr("no cookie for the node shop@build7"));
  EXPECT_THAT(message, HasSubstr("filled in when the node starts"));
  EXPECT_THAT(message, HasSubstr("/opt/shop/releases/COOKIE is empty"));
  EXPECT_THAT(message, HasSubstr("Permission denied"));
  request_.cookie_file = "/nowhere";
  EXPECT_THAT(failure(), HasSubstr("--cookie-file /nowhere: no such file"));
}

TEST_F(Finding, SaysWhereItLookedForAName) {
  EXPECT_THAT(failure(), HasSubstr("no emulator runs from /opt/shop; no vm.args in releases/1.0"));
  files_.add_file(vm_args, "-sname ${NODE_NAME}");
  EXPECT_THAT(failure(), HasSubstr("${NODE_NAME}, which is filled in"));
  add_process("12", {"-root", "/opt/shop"});
  EXPECT_THAT(failure(), HasSubstr("process 12 runs without -sname or -name"));
}

TEST_F(Finding, LeavesOtherProcessesAlone) {
  environment_["RELEASE_COOKIE"] = "c";
  add_process("10", {"-root", "/opt/shopping", "-sname", "other_release"});
  add_process("11", {"-root", "/opt/shop", "-sname", "visitor", "-remsh", "shop@build7"});
  add_process(
      "12", {"-root", "/opt/shop", "-sname", "rpc", "-boot", "/opt/shop/releases/1.0/start_clean"});
  files_.add_file("/proc/13/cmdline", zero_ended({"vi", "-root", "/opt/shop", "-sname", "x"}));
  files_.add_file("/proc/14/cmdline", "");
  files_.add_file("/proc/self/cmdline", zero_ended({"beam.smp", "-root", "/opt/shop"}));
  files_.forbid("/proc/15");
  add_process("15", {"-root", "/opt/shop", "-sname", "secret"});
  EXPECT_THAT(failure(), HasSubstr("no emulator runs from /opt/shop"));
  add_process("16", {"-root", "/usr/lib/erlang", "-sname", "shop", "-config",
                     "/opt/shop/releases/1.0/sys"});
  EXPECT_EQ(find().name, "shop@build7");
}

// The start script of relx makes the first argument its own name.
TEST_F(Finding, AnEmulatorMayCallItselfOtherwise) {
  files_.add_file("/proc/12/cmdline", zero_ended({"/opt/shop/bin/shop", "-Bd", "--", "-root",
                                                  "/opt/shop", "-name", "shop@127.0.0.1"}));
  EXPECT_THAT(failure(), HasSubstr("no emulator runs from /opt/shop"));
  files_.add_file("/proc/12/comm", "beam.smp\n");
  files_.add_file("/proc/12/environ", zero_ended({"RELEASE_COOKIE=c"}));
  EXPECT_EQ(find().name, "shop@127.0.0.1");
}

TEST_F(Finding, SeveralNodesMustBeToldApart) {
  add_process("12", {"-root", "/opt/shop", "-sname", "one", "-setcookie", "c1"});
  add_process("13", {"-root", "/opt/shop", "-sname", "two", "-setcookie", "c2"});
  EXPECT_THAT(failure(), HasSubstr("one (process 12); two (process 13)"));
  request_.node = "two";
  EXPECT_EQ(find().cookie.reveal(), "c2");
}

TEST_F(Finding, PortOfEpmd) {
  files_.add_file(vm_args, "-sname shop -setcookie c");
  environment_["ERL_EPMD_PORT"] = "5001";
  EXPECT_EQ(find().epmd_port, 5001);
  EXPECT_EQ(find().port_origin, "$ERL_EPMD_PORT");
  add_process("12", {"-root", "/opt/shop", "-sname", "shop"}, {"ERL_EPMD_PORT=5002"});
  EXPECT_EQ(find().epmd_port, 5002);
  add_process("12", {"-root", "/opt/shop", "-epmd_port", "5003", "--", "-sname", "shop"});
  EXPECT_EQ(find().epmd_port, 5003);
  EXPECT_EQ(find().port_origin, "process 12");
  environment_["ERL_EPMD_PORT"] = "many";
  EXPECT_EQ(find().epmd_port, 5003);
  request_.node = "other";
  EXPECT_THAT(failure(), HasSubstr("must be a port number, not \"many\""));
}

TEST_F(Finding, FixedPortWithoutEpmd) {
  files_.add_file(vm_args, "-sname shop -setcookie c -start_epmd false -erl_epmd_port 15999");
  EXPECT_EQ(find().distribution_port, 15999);
  EXPECT_EQ(find().port_origin, vm_args);
}

}  // namespace
}  // namespace relup::node
