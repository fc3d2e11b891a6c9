// SPDX-License-Identifier: Apache-2.0
#pragma once

// Real nodes for tests: an epmd of their own on a free loopback port, a directory of their own, and
// nodes named X@localhost in it. All of it ends with the object. What does not come up within 30 s
// is an exception that shows the node's output.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "live/support/child_process.hpp"
#include "node/node_address.hpp"

namespace relup::node {

class RealNode {
 public:
  RealNode(const live_tests::Command& command, std::string name)
      : child_(command), name_(std::move(name)) {}
  const std::string& name() const { return name_; }
  pid_t pid() const { return child_.pid(); }
  void signal(int number) const;
  void kill() { child_.kill(); }

 private:
  live_tests::ChildProcess child_;
  std::string name_;
};

class RealNetwork {
 public:
  RealNetwork();
  RealNetwork(const RealNetwork&) = delete;
  RealNetwork& operator=(const RealNetwork&) = delete;
  ~RealNetwork();

  // Starts a node with `flags` besides its name and cookie, and waits until epmd knows it.
  std::unique_ptr<RealNode> start(const std::string& alive,
                                  const std::vector<std::string>& flags = {});
  NodeAddress address_of(const std::string& alive) const;
  std::uint16_t epmd_port() const { return epmd_port_; }
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  std::uint16_t epmd_port_;
  std::unique_ptr<live_tests::ChildProcess> epmd_;
};

// False where no Erlang is installed.
bool has_erlang();

}  // namespace relup::node
