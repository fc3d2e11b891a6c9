// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parts of a production host that a live test needs, each a child process on loopback only: an
// `epmd` of its own, and nodes booted from a release root the way an operator boots them. What was
// started is stopped, by process id, at the latest in the destructor. A part that does not come up
// throws std::runtime_error with the end of its log.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "child_process.hpp"
#include "node/node_channel.hpp"

namespace relup::live_tests {

// The port mapper, in the foreground, on a free port that only its nodes are told.
class Epmd {
 public:
  // Logs to `directory`/epmd.log.
  explicit Epmd(const std::filesystem::path& directory);

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_->pid(); }

 private:
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

struct NodeOptions {
  std::filesystem::path root;  // of the release
  std::uint16_t epmd_port = 0;
  std::string name = "tally@127.0.0.1";  // a host with a dot makes it a long name
  std::string cookie = "tally_cookie";
  std::vector<std::string> vm_arguments = {};  // one line of vm.args each
  std::vector<std::string> environment = {};   // as in Command
  std::vector<std::string> command = {};       // that starts it; empty: bin/tally foreground
  // A program that starts it, with its arguments, such as setpriv(1).
  std::vector<std::string> wrapper = {};
  std::chrono::milliseconds boot_limit = std::chrono::seconds(30);
  std::chrono::milliseconds stop_limit = std::chrono::seconds(10);
};

// A line to the node, past relup. Fails as node::connect_node does.
std::unique_ptr<node::NodeChannel> connect_to(const NodeOptions& options);

// A node of the release of `tally` in `root`. Its output goes to log/node.log in there.
class ReleaseNode {
 public:
  // Starts nothing yet.
  explicit ReleaseNode(NodeOptions options);

  // Boots the version that releases/start_erl.data names, with a vm.args written for it, and
  // returns when clients are served.
  void start();
  void stop();     // SIGTERM, the orderly end; SIGKILL when that takes too long
  void kill();     // SIGKILL, as the loss of power
  void restart();  // stop() and start()

  bool running() { return process_ && process_->running(); }
  pid_t pid() const { return process_ ? process_->pid() : -1; }
  const NodeOptions& options() const { return options_; }
  void start_under(std::vector<std::string> wrapper) { options_.wrapper = std::move(wrapper); }
  void give_arguments(std::vector<std::string> lines) { options_.vm_arguments = std::move(lines); }
  std::filesystem::path log_file() const { return options_.root / "log" / "node.log"; }

  // Where clients are served now; it is another one after each boot. 0 while there is none.
  std::uint16_t port() const;

  // Gives releases/`version` the vm.args that nodes here need: start() does it for the version that
  // boots, a test does it for a version to be packed.
  void write_vm_args(const std::string& version) const;

 private:
  std::string next_version() const;
  void wait_until_serving();

  NodeOptions options_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace relup::live_tests
