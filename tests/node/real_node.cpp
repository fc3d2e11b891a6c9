// SPDX-License-Identifier: Apache-2.0
#include "node/real_node.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <unistd.h>

#include "live/support/loopback.hpp"
#include "node/epmd.hpp"
#include "node/node_channel.hpp"

namespace relup::node {
namespace {

constexpr std::chrono::seconds start_limit(30);
const std::string cookie = "a_cookie_for_tests";

std::filesystem::path make_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "relup-node-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
  return pattern;
}

// Waits until epmd answers as `ready` wants it.
template <typename Ready>
bool wait_for(Ready ready) {
  const Deadline end = std::chrono::steady_clock::now() + start_limit;
  while (std::chrono::steady_clock::now() < end) {
    try {
      ready(std::chrono::steady_clock::now() + std::chrono::seconds(1));
      return true;
    } catch (const NodeError&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  return false;
}

}  // namespace

void RealNode::signal(int number) const {
  live_tests::send_signal(child_.pid(), number);
}

RealNetwork::RealNetwork() : directory_(make_directory()), epmd_port_(live_tests::free_port()) {
  const std::string port = std::to_string(epmd_port_);
  epmd_ = std::make_unique<live_tests::ChildProcess>(
      live_tests::Command{.arguments = {"epmd", "-port", port, "-address", "127.0.0.1"},
                          .environment = {},
                          .directory = directory_,
                          .output = directory_ / "epmd.log"});
  const Epmd epmd{"127.0.0.1", epmd_port_};
  if (!wait_for([&epmd](Deadline deadline) { ask_node_names(epmd, deadline); })) {
    throw std::runtime_error("epmd: " + live_tests::tail(directory_ / "epmd.log"));
  }
}

RealNetwork::~RealNetwork() {
  epmd_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::unique_ptr<RealNode> RealNetwork::start(const std::string& alive,
                                             const std::vector<std::string>& flags) {
  const std::filesystem::path log = directory_ / (alive + ".log");
  std::vector<std::string> arguments = {"erl",
                                        "-noshell",
                                        "-noinput",
                                        "-start_epmd",
                                        "false",
                                        "-sname",
                                        alive + "@localhost",
                                        "-setcookie",
                                        cookie,
                                        "-kernel",
                                        "inet_dist_use_interface",
                                        "{127,0,0,1}"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  auto node = std::make_unique<RealNode>(
      live_tests::Command{
          .arguments = arguments,
          .environment = {"ERL_EPMD_PORT=" + std::to_string(epmd_port_),
                          "HOME=" + directory_.string(), "ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS"},
          .directory = directory_,
          .output = log},
      alive + "@localhost");
  const Epmd epmd{"127.0.0.1", epmd_port_};
  if (!wait_for([&](Deadline deadline) { ask_node_port(epmd, alive, deadline); })) {
    throw std::runtime_error(alive + " does not start: " + live_tests::tail(log));
  }
  return node;
}

NodeAddress RealNetwork::address_of(const std::string& alive) const {
  NodeAddress address;
  address.name = alive + "@localhost";
  address.hosts = {"127.0.0.1"};
  address.cookie = Cookie(cookie);
  address.epmd_port = epmd_port_;
  address.cookie_origin = "the test";
  return address;
}

bool has_erlang() {
  return std::system("command -v erl >/dev/null && command -v epmd >/dev/null") == 0;
}

}  // namespace relup::node
