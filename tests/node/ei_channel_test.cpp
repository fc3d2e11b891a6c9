// SPDX-License-Identifier: Apache-2.0
#include "node/ei_channel.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/support/loopback.hpp"
#include "node/node_finder.hpp"
#include "node/real_node.hpp"
#include "term/printer.hpp"

namespace relup::node {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Term integer(std::int64_t value) {
  return Term(value);
}

// What a function throws, which must be a NodeError.
template <typename Function>
NodeError failure_of(Function function) {
  try {
    function();
  } catch (const NodeError& error) {
    return error;
  }
  throw std::logic_error("it did not fail");
}

class Channel : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!has_erlang()) return;
    network_ = std::make_unique<RealNetwork>();
    node_ = network_->start("shared");
  }
  static void TearDownTestSuite() {
    node_.reset();
    network_.reset();
  }
  void SetUp() override {
    if (!network_) GTEST_SKIP() << "no Erlang here";
  }

  static std::unique_ptr<NodeChannel> connect(const std::string& alive = "shared") {
    return connect_node(network_->address_of(alive));
  }
  static NodeError connect_failure(const NodeAddress& address, const ConnectOptions& options = {}) {
    return failure_of([&] { connect_node(address, options); });
  }

  static constexpr Milliseconds soon{5000};
  static std::unique_ptr<RealNetwork> network_;
  static std::unique_ptr<RealNode> node_;
};

std::unique_ptr<RealNetwork> Channel::network_;
std::unique_ptr<RealNode> Channel::node_;

TEST_F(Channel, CallsAndGetsTheResult) {
  const auto channel = connect();
  EXPECT_EQ(channel->node_name(), "shared@localhost");
  EXPECT_EQ(channel->call("lists", "seq", {integer(1), integer(3)}, soon),
            Term::list({integer(1), integer(2), integer(3)}));
  const Term map = Term::map({{Term::atom("\u0416"), Term::binary("x")}});
  EXPECT_EQ(channel->call("erlang", "hd", {Term::list({map})}, soon), map);
  const Term pid = channel->call("erlang", "whereis", {Term::atom("rex")}, soon);
  EXPECT_EQ(channel->call("erlang", "is_process_alive", {pid}, soon), Term::atom("true"));
}

TEST_F(Channel, IsHiddenAndNamedByItself) {
  const auto channel = connect();
  EXPECT_EQ(channel->call("erlang", "nodes", {}, soon), Term());
  const Term hidden = channel->call("erlang", "nodes", {Term::atom("hidden")}, soon);
  EXPECT_THAT(print(hidden), HasSubstr("'" + channel->own_name() + "'"));
  EXPECT_THAT(channel->own_name(), testing::StartsWith("relup-"));
}

TEST_F(Channel, ARemoteCrashNamesTheCallAndItsReason) {
  const auto channel = connect();
  const NodeError error = failure_of(
      [&] { channel->call("erlang", "error", {tagged("boom", Term::string("why"))}, soon); });
  EXPECT_EQ(error.failure(), NodeFailure::call_failed);
  EXPECT_EQ(error.delivery(), Delivery::answered);
  EXPECT_EQ(error.message(), "erlang:error/1 on shared@localhost failed: {boom,\"why\"}");
  EXPECT_TRUE(error.reason().is_tagged("EXIT", 2));

  const NodeError missing =
      failure_of([&] { channel->call("no_such", "function", {Term()}, soon); });
  EXPECT_EQ(missing.message(), "no_such:function/1 on shared@localhost does not exist");
  const NodeError killed =
      failure_of([&] { channel->call("erlang", "exit", {Term::atom("kill")}, soon); });
  EXPECT_EQ(killed.failure(), NodeFailure::call_failed);
  EXPECT_EQ(channel->call("erlang", "throw", {Term::atom("ball")}, soon), Term::atom("ball"));
  EXPECT_EQ(channel->call("file", "read_file", {Term::string("/no/such")}, soon),
            tagged("error", Term::atom("enoent")));
}

TEST_F(Channel, OutputOfACallHoldsNobodyUp) {
  EXPECT_EQ(connect()->call("io", "format", {Term::string("hello~n")}, soon), Term::atom("ok"));
}

TEST_F(Channel, ALateAnswerIsDropped) {
  const auto channel = connect();
  const NodeError error =
      failure_of([&] { channel->call("timer", "sleep", {integer(300)}, Milliseconds(50)); });
  EXPECT_EQ(error.failure(), NodeFailure::no_answer);
  EXPECT_EQ(error.delivery(), Delivery::unknown);
  EXPECT_THAT(error.message(), HasSubstr("no answer within 50 ms"));
  // While it is on its way, and when it lies there already.
  EXPECT_EQ(channel->call("timer", "sleep", {integer(500)}, soon), Term::atom("ok"));
  EXPECT_EQ(channel->call("erlang", "abs", {integer(-7)}, soon), integer(7));
  failure_of([&] { channel->call("timer", "sleep", {integer(100)}, Milliseconds(20)); });
  std::this_thread::sleep_for(Milliseconds(200));
  EXPECT_EQ(channel->call("erlang", "abs", {integer(-8)}, soon), integer(8));
}

TEST_F(Channel, BigAnswersAndBigArguments) {
  constexpr std::size_t size = 8U << 20U;
  const auto channel = connect();
  const Term answer = channel->call(
      "binary", "copy", {Term::binary("x"), integer(static_cast<std::int64_t>(size))}, soon);
  ASSERT_NE(answer.as_bits(), nullptr);
  EXPECT_EQ(answer.as_bits()->bytes, std::string(size, 'x'));
  EXPECT_EQ(channel->call("erlang", "byte_size", {answer}, soon),
            integer(static_cast<std::int64_t>(size)));
}

TEST_F(Channel, WrongCookie) {
  NodeAddress address = network_->address_of("shared");
  address.cookie = Cookie("wrong");
  const NodeError error = connect_failure(address);
  EXPECT_EQ(error.failure(), NodeFailure::refused_cookie);
  EXPECT_EQ(error.delivery(), Delivery::not_sent);
  EXPECT_THAT(error.hint(), HasSubstr("the cookie came from the test"));
  EXPECT_THAT(error.message() + error.hint(), testing::Not(HasSubstr("wrong")));
}

TEST_F(Channel, NoEpmd) {
  NodeAddress address = network_->address_of("shared");
  address.epmd_port = live_tests::free_port();
  EXPECT_EQ(connect_failure(address).failure(), NodeFailure::no_epmd);
}

TEST_F(Channel, NotRegistered) {
  const NodeError error = connect_failure(network_->address_of("nobody"));
  EXPECT_EQ(error.failure(), NodeFailure::not_registered);
  EXPECT_THAT(error.message(), HasSubstr("knows no node \"nobody\"; it knows shared"));
}

TEST_F(Channel, NotListening) {
  NodeAddress address = network_->address_of("shared");
  address.distribution_port = live_tests::free_port();
  EXPECT_EQ(connect_failure(address).failure(), NodeFailure::not_listening);
}

// epmd is no node: it hangs up on a handshake.
TEST_F(Channel, NotANode) {
  NodeAddress address = network_->address_of("shared");
  address.distribution_port = network_->epmd_port();
  EXPECT_EQ(connect_failure(address).failure(), NodeFailure::hung_up);
}

TEST_F(Channel, AnotherHostIsTriedWhenOneCannotBeReached) {
  NodeAddress address = network_->address_of("shared");
  address.hosts = {"no-such-host.invalid", "127.0.0.1"};
  EXPECT_EQ(connect_node(address)->node_name(), "shared@localhost");
  address.name = "nobody@localhost";
  EXPECT_EQ(connect_failure(address).failure(), NodeFailure::not_registered);
  address.hosts = {"no-such-host.invalid"};
  EXPECT_EQ(connect_failure(address).failure(), NodeFailure::host_unreachable);
}

TEST_F(Channel, NameInUse) {
  const ConnectOptions options{.own_name = "taken"};
  const auto first = connect_node(network_->address_of("shared"), options);
  EXPECT_EQ(connect_failure(network_->address_of("shared"), options).failure(),
            NodeFailure::name_in_use);
  EXPECT_EQ(first->call("erlang", "abs", {integer(-1)}, soon), integer(1));
}

// Each name stays an atom of the node, so lines of one time have each their own, and later ones the
// same again.
TEST_F(Channel, NamesAreTakenFromAFew) {
  std::set<std::string> names;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<NodeChannel>> lines;
    std::set<std::string> now;
    for (int i = 0; i < 4; ++i) {
      lines.push_back(connect_node(network_->address_of("shared")));
      now.insert(lines.back()->own_name());
    }
    EXPECT_EQ(now.size(), 4U);
    names.merge(now);
    for (const auto& line : lines)
      EXPECT_EQ(line->call("erlang", "abs", {integer(-1)}, soon), integer(1));
  }
  // The node may hear late that a line has gone.
  EXPECT_LE(names.size(), 8U);
}

// Two that begin at the same time want the same name: the node hangs up on the second, which takes
// the next one.
TEST_F(Channel, ManyBeginAtTheSameTime) {
  std::atomic<int> lines = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 25; ++round)
        if (connect_node(network_->address_of("shared"))->own_name() != "") ++lines;
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(lines, 200);
}

TEST_F(Channel, WithoutEpmdAndWrongNode) {
  const std::uint16_t port = live_tests::free_port();
  const live_tests::ChildProcess node(
      {.arguments = {"erl", "-noshell", "-noinput", "-start_epmd", "false", "-erl_epmd_port",
                     std::to_string(port), "-sname", "fixed@localhost", "-setcookie",
                     "a_cookie_for_tests"},
       .environment = {"HOME=" + network_->directory().string()},
       .directory = network_->directory(),
       .output = network_->directory() / "fixed.log"});
  NodeAddress address = network_->address_of("fixed");
  address.distribution_port = port;
  std::unique_ptr<NodeChannel> channel;
  for (int i = 0; i < 100 && !channel; ++i) {
    try {
      channel = connect_node(address);
    } catch (const NodeError&) {
      std::this_thread::sleep_for(Milliseconds(100));
    }
  }
  ASSERT_TRUE(channel);
  EXPECT_EQ(channel->node_name(), "fixed@localhost");
  address.name = "shared@localhost";
  const NodeError error = connect_failure(address);
  EXPECT_EQ(error.failure(), NodeFailure::wrong_node);
  EXPECT_THAT(error.message(), HasSubstr("fixed@localhost"));
}

TEST_F(Channel, NotAllowed) {
  const auto node = network_->start("choosy");
  const auto channel = connect("choosy");
  channel->call("net_kernel", "allow", {Term::list({Term::atom("friend@localhost")})}, soon);
  EXPECT_EQ(connect_failure(network_->address_of("choosy")).failure(), NodeFailure::not_allowed);
}

TEST_F(Channel, AStoppedNode) {
  const auto node = network_->start("stopped");
  const auto channel = connect("stopped");
  node->signal(SIGSTOP);
  const NodeError call =
      failure_of([&] { channel->call("erlang", "node", {}, Milliseconds(200)); });
  EXPECT_EQ(call.failure(), NodeFailure::no_answer);
  EXPECT_EQ(call.delivery(), Delivery::unknown);
  const NodeError connecting =
      connect_failure(network_->address_of("stopped"), {.deadline = Milliseconds(300)});
  EXPECT_EQ(connecting.failure(), NodeFailure::no_answer);
  EXPECT_EQ(connecting.delivery(), Delivery::not_sent);

  node->signal(SIGCONT);
  EXPECT_EQ(channel->call("erlang", "abs", {integer(-3)}, soon), integer(3));

  // More than the buffers between us hold: part of a request is no request.
  node->signal(SIGSTOP);
  const Term large = Term::binary(std::string(64U << 20U, 'x'));
  const NodeError unsent =
      failure_of([&] { channel->call("erlang", "byte_size", {large}, Milliseconds(300)); });
  EXPECT_EQ(unsent.failure(), NodeFailure::no_answer);
  EXPECT_EQ(unsent.delivery(), Delivery::not_sent);
  const NodeError after = failure_of([&] { channel->call("erlang", "node", {}, soon); });
  EXPECT_EQ(after.failure(), NodeFailure::connection_lost);
  EXPECT_EQ(after.delivery(), Delivery::not_sent);
}

TEST_F(Channel, ANodeThatDiesDuringACall) {
  const auto node = network_->start("dying");
  const auto channel = connect("dying");
  std::thread killer([&node] {
    std::this_thread::sleep_for(Milliseconds(200));
    node->signal(SIGKILL);
  });
  const NodeError during =
      failure_of([&] { channel->call("timer", "sleep", {integer(20000)}, Milliseconds(20000)); });
  killer.join();
  EXPECT_EQ(during.failure(), NodeFailure::connection_lost);
  EXPECT_EQ(during.delivery(), Delivery::unknown);
  EXPECT_THAT(during.message(), HasSubstr("timer:sleep/1 was sent, its outcome is unknown"));
  const NodeError after = failure_of([&] { channel->call("erlang", "node", {}, soon); });
  EXPECT_EQ(after.failure(), NodeFailure::connection_lost);
  EXPECT_EQ(after.delivery(), Delivery::not_sent);
}

TEST_F(Channel, ANodeThatDiesBetweenCalls) {
  const auto node = network_->start("dead");
  const auto channel = connect("dead");
  node->kill();
  const NodeError error = failure_of([&] { channel->call("erlang", "node", {}, soon); });
  EXPECT_EQ(error.failure(), NodeFailure::connection_lost);
  EXPECT_EQ(error.delivery(), Delivery::not_sent);
}

TEST_F(Channel, TicksAreAnsweredDuringACall) {
  const auto node = network_->start("ticking", {"-kernel", "net_ticktime", "2"});
  const auto channel = connect("ticking");
  EXPECT_EQ(channel->call("timer", "sleep", {integer(4000)}, Milliseconds(10000)),
            Term::atom("ok"));
  std::this_thread::sleep_for(Milliseconds(4000));
  const NodeError error = failure_of([&] { channel->call("erlang", "node", {}, soon); });
  EXPECT_EQ(error.failure(), NodeFailure::connection_lost);
  EXPECT_EQ(error.delivery(), Delivery::not_sent);
}

TEST_F(Channel, TheFinderFindsARunningNode) {
  const std::string directory = std::filesystem::canonical(network_->directory()).string();
  std::ofstream(directory + "/sys.config") << "[].\n";
  const auto node = network_->start("found", {"-config", directory + "/sys"});
  const Machine machine = this_machine(real_file_system());
  const NodeAddress address = find_node({.root = directory, .version = "1"}, machine);
  const std::string process = "process " + std::to_string(node->pid());
  EXPECT_EQ(address.name, "found@localhost");
  EXPECT_EQ(address.name_origin, "command line of " + process);
  EXPECT_EQ(address.cookie_origin, "command line of " + process);
  EXPECT_EQ(address.epmd_port, network_->epmd_port());
  EXPECT_EQ(connect_node(address)->node_name(), "found@localhost");
}

TEST_F(Channel, TlsDistribution) {
  const std::string directory = network_->directory().string();
  const std::string pem = directory + "/both.pem";
  const std::string make = "cd " + directory +
                           " && openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out "
                           "cert.pem -days 2 -subj /CN=localhost >/dev/null 2>&1 && cat cert.pem "
                           "key.pem > both.pem";
  if (std::system(make.c_str()) != 0) GTEST_SKIP() << "no openssl here";
  const auto node = network_->start(
      "secure", {"-proto_dist", "inet_tls", "-ssl_dist_opt", "server_certfile", pem});
  const NodeError error = connect_failure(network_->address_of("secure"));
  EXPECT_EQ(error.failure(), NodeFailure::tls_distribution);
  EXPECT_THAT(error.message(), StartsWith("secure@localhost talks TLS"));
}

}  // namespace
}  // namespace relup::node
