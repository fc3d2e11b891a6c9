// SPDX-License-Identifier: Apache-2.0
#include "host.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "loopback.hpp"
#include "node/ei_channel.hpp"

namespace relup::live_tests {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto kStep = 5ms;
constexpr auto kPortFile = "tally.port";  // as its sys.config says

// Whether `process` listens on `port` before it dies or time is up.
bool comes_up(ChildProcess& process, std::uint16_t port, Clock::time_point deadline) {
  while (process.running() && Clock::now() < deadline) {
    if (accepts_connections(port)) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

// Variables by which somebody else's Erlang settings would reach a node, and which it must not see.
std::vector<std::string> clean_environment(const NodeOptions& options) {
  std::vector<std::string> environment = {"ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS",
                                          "ERL_LIBS",   "RELDIR",    "ERL_CRASH_DUMP_SECONDS=0"};
  environment.push_back("ERL_EPMD_PORT=" + std::to_string(options.epmd_port));
  environment.insert(environment.end(), options.environment.begin(), options.environment.end());
  return environment;
}

bool is_long_name(std::string_view name) {
  const auto at = name.find('@');
  return at != std::string_view::npos && name.find('.', at) != std::string_view::npos;
}

}  // namespace

Epmd::Epmd(const fs::path& directory) {
  const fs::path log = directory / "epmd.log";
  for (int attempt = 0; attempt < 5; ++attempt) {  // another process may snatch the port
    port_ = free_port();
    const std::vector<std::string> arguments = {"epmd", "-port", std::to_string(port_), "-address",
                                                "127.0.0.1"};
    process_ = std::make_unique<ChildProcess>(Command{arguments, {}, {}, log});
    if (comes_up(*process_, port_, Clock::now() + 5s)) return;
  }
  throw std::runtime_error("epmd does not come up:\n" + tail(log));
}

ReleaseNode::ReleaseNode(NodeOptions options) : options_(std::move(options)) {
  options_.root = fs::absolute(options_.root);
}

void ReleaseNode::start() {
  stop();
  write_vm_args(next_version());
  fs::remove(options_.root / kPortFile);
  fs::create_directories(log_file().parent_path());
  std::vector<std::string> words = options_.wrapper;
  if (options_.command.empty()) {
    words.push_back(options_.root / "bin" / "tally");
    words.emplace_back("foreground");
  }
  words.insert(words.end(), options_.command.begin(), options_.command.end());
  process_ = std::make_unique<ChildProcess>(
      Command{words, clean_environment(options_), options_.root, log_file()});
  wait_until_serving();
}

void ReleaseNode::stop() {
  if (process_) process_->stop(options_.stop_limit);
}

void ReleaseNode::kill() {
  if (process_) process_->kill();
}

void ReleaseNode::restart() {
  stop();
  start();
}

std::uint16_t ReleaseNode::port() const {
  std::ifstream file(options_.root / kPortFile);
  std::uint16_t port = 0;
  file >> port;
  return port;
}

// The node finds epmd running and must not start one itself: it would be a daemon and outlive us.
void ReleaseNode::write_vm_args(const std::string& version) const {
  std::ofstream file(options_.root / "releases" / version / "vm.args");
  file << (is_long_name(options_.name) ? "-name " : "-sname ") << options_.name << '\n'
       << "-setcookie " << options_.cookie << '\n'
       << "-start_epmd false\n"
       << "-kernel inet_dist_use_interface {127,0,0,1}\n";
  for (const std::string& line : options_.vm_arguments)
    file << line << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write the vm.args of " + version);
}

std::string ReleaseNode::next_version() const {
  std::ifstream file(options_.root / "releases" / "start_erl.data");
  std::string erts;
  std::string version;
  if (!(file >> erts >> version)) throw std::runtime_error("no version in releases/start_erl.data");
  return version;
}

void ReleaseNode::wait_until_serving() {
  const auto deadline = Clock::now() + options_.boot_limit;
  while (port() == 0 && process_->running() && Clock::now() < deadline) {
    std::this_thread::sleep_for(kStep);
  }
  if (port() != 0 && comes_up(*process_, port(), deadline)) return;
  process_->kill();
  throw std::runtime_error(options_.name + " does not come up:\n" + tail(log_file()));
}

std::unique_ptr<node::NodeChannel> connect_to(const NodeOptions& options) {
  node::NodeAddress address;
  address.name = options.name;
  address.hosts = {"127.0.0.1"};
  address.cookie = node::Cookie(options.cookie);
  address.epmd_port = options.epmd_port;
  return node::connect_node(address);
}

}  // namespace relup::live_tests
