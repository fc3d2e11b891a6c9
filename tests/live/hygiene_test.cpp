// SPDX-License-Identifier: Apache-2.0
//
// What relup leaves on a node that it asks again and again: nothing.

#include <iostream>

#include "live_test.hpp"
#include "node/ei_channel.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;

class HygieneTest : public LiveTest {
 protected:
  HygieneTest() {
    start(standard_builds());
    watcher_ = connect();
  }
  std::int64_t atoms() {
    const Term count = watcher_->call("erlang", "system_info", {Term::atom("atom_count")}, 5s);
    return *count.as_small_integer();
  }

  std::unique_ptr<node::NodeChannel> watcher_;
};

TEST_F(HygieneTest, AHundredLooksLeaveNoAtom) {
  for (int i = 0; i < 5; ++i)
    relup({"status"});
  const std::int64_t before = atoms();
  for (int i = 0; i < 100; ++i)
    relup({"status"});
  const std::int64_t after = atoms();
  std::cout << "atoms after 5 looks " << before << ", after 105 " << after << "\n";
  // A name of the pool may be taken for the first time.
  EXPECT_LE(after - before, 5);
}

// The fall: a line with a name of its own leaves that.
TEST_F(HygieneTest, EachNewNameStays) {
  const auto options = site_.node().options();
  node::NodeAddress address;
  address.name = watcher_->node_name();
  address.hosts = {"127.0.0.1"};
  address.cookie = node::Cookie(options.cookie);
  address.epmd_port = options.epmd_port;
  const std::int64_t before = atoms();
  for (int i = 0; i < 20; ++i)
    node::connect_node(address, {.own_name = "stranger-" + std::to_string(i)});
  EXPECT_GE(atoms() - before, 20);
}

}  // namespace
}  // namespace relup::live_tests
