// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds out how to reach the node of a release: its name, its cookie and the port of epmd. The
// first source that has an answer wins, and its name is kept for people who ask why:
//
//   name    --node, $RELEASE_NODE, the running emulator of the release, releases/VSN/vm.args
//   cookie  --cookie-file, $RELEASE_COOKIE, the running emulator, releases/VSN/vm.args,
//           releases/COOKIE, .erlang.cookie in the emulator's home and in ours
//   port    the running emulator, $ERL_EPMD_PORT, 4369; or a fixed port (-erl_epmd_port)
//
// What cannot be found is an Error (usage) that lists where was looked.

#include <map>
#include <optional>
#include <string>

#include "base/file_system.hpp"
#include "node/node_address.hpp"

namespace relup::node {

struct FinderRequest {
  std::string root;                             // release root, absolute, without symbolic links
  std::string version;                          // whose releases/VERSION/vm.args counts
  std::optional<std::string> node = {};         // --node: "shop@host" or "shop"
  std::optional<std::string> cookie_file = {};  // --cookie-file
};

// The machine that the program runs on, as far as the finder looks at it. A test makes one up.
struct Machine {
  FileSystem& files;
  std::map<std::string, std::string> environment = {};
  std::string host_name = {};  // as gethostname(2) says
  std::string proc = "/proc";
};

Machine this_machine(FileSystem& files);

NodeAddress find_node(const FinderRequest& request, const Machine& machine);

}  // namespace relup::node
