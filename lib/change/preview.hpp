// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a host and its node look like now, and what an upgrade would do. Nothing is changed.

#include <optional>
#include <string>
#include <vector>

#include "host/host.hpp"
#include "host/relup_file.hpp"
#include "live/agent_verbs.hpp"
#include "live/application_settings.hpp"
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
};

HostStatus look_at_host(FileSystem& files, const host::Host& host, node::NodeChannel& channel);

struct CheckRequest {
  std::string version;
  std::optional<std::string> tarball;
};

struct CheckResult {
  std::string from;
  std::string to;
  host::ScriptSummary script;
  std::vector<std::string>
      objections;  // why an upgrade would be refused; empty: it would go through
  std::vector<std::string> notes;
  std::vector<live::SettingChange> settings;  // of the node's applications, secrets hidden
};

CheckResult check_change(FileSystem& files, const host::Host& host, node::NodeChannel& channel,
                         const CheckRequest& request);

}  // namespace relup::change
