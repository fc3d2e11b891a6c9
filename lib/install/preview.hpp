// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a host and its node look like now, and what an upgrade would do. Nothing is changed.

#include <optional>
#include <string>
#include <vector>

#include "install/agent_verbs.hpp"
#include "install/host.hpp"
#include "install/release_handler.hpp"
#include "install/relup_file.hpp"
#include "install/settings.hpp"

namespace relup::install {

struct HostStatus {
  std::string node;
  std::string otp;  // "25"
  std::vector<KnownRelease> releases;
  std::string running;
  std::string boots;  // after a restart of the operating system process
  std::vector<OldCode> old_code;
  std::vector<std::string> repairs;  // what relup would have to put right, and why
  bool is_uncommitted = false;
};

HostStatus look_at_host(FileSystem& files, const Host& host, node::NodeChannel& channel);

struct CheckRequest {
  std::string version;
  std::optional<std::string> tarball;
};

struct CheckResult {
  std::string from;
  std::string to;
  ScriptSummary script;
  std::vector<std::string>
      objections;  // why an upgrade would be refused; empty: it would go through
  std::vector<std::string> notes;
  std::vector<SettingChange> settings;  // of the node's applications, secrets hidden
};

CheckResult check_change(FileSystem& files, const Host& host, node::NodeChannel& channel,
                         const CheckRequest& request);

}  // namespace relup::install
