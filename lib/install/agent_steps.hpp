// SPDX-License-Identifier: Apache-2.0
#pragma once

// The steps of a change that a release of Mix needs done on the node, in the place of the release
// handler's own: its configuration comes from providers that run there, its protocols are
// consolidated in a directory of their own, and the environment of the operating system says which
// release boots.

#include "base/file_system.hpp"
#include "install/host.hpp"
#include "install/release_handler.hpp"
#include "node/node_channel.hpp"

namespace relup::install {

// Whether `version` is such a release. It must be unpacked.
bool needs_agent(FileSystem& files, const Host& host, const std::string& version);

// While a release is installed, its sys.config holds what its providers resolved to, and the file
// itself is kept beside it. The versions where that is still so, since the node went down in
// between: such a release starts all the same, but its secrets are on the disk.
std::vector<std::string> unfinished_configs(FileSystem& files, const Host& host);
// Puts those files back.
void restore_configs(FileSystem& files, const Host& host);

class AgentSteps {
 public:
  AgentSteps(node::NodeChannel& channel, const Host& host) : channel_(channel), host_(host) {}

  // What the configuration of `version` resolves to on this node, [{App, [{Key, Value}]}]. A value
  // that cannot be written to a file is an Error (bad_input) that names its place.
  Term environment(const std::string& version);
  // As ReleaseHandler's.
  ReleaseHandler::Installed install(const std::string& version);
  void make_permanent(const std::string& version);

 private:
  Term request(std::string_view verb, const std::string& version) const;

  node::NodeChannel& channel_;
  const Host& host_;
};

}  // namespace relup::install
