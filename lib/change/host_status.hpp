// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a host and its node look like now. Nothing is changed.

#include <string>
#include <vector>

#include "host/host.hpp"
#include "live/agent_verbs.hpp"
#include "live/release_handler.hpp"

namespace relup::change {

struct HostStatus {
  std::string node;
  std::string otp;  // "25"
  std::vector<live::KnownRelease> releases;
  std::string running;
  std::string boots;  // after a restart of the operating system process
  std::vector<live::OldCode> old_code;
  std::vector<std::string> repairs;  // what relup would have to put right, and why
  bool is_uncommitted = false;
  std::optional<live::Confirmation> confirmation;  // the node goes back by itself otherwise
};

HostStatus look_at_host(FileSystem& files, const host::Host& host, node::NodeChannel& channel);

}  // namespace relup::change
