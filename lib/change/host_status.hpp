// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a host and its node look like now, told at once whatever is under way there. Nothing is
// changed, and nobody is waited for: while an install blocks the release handler, the releases are
// those that releases/RELEASES lists.

#include <optional>
#include <string>
#include <vector>

#include "host/host.hpp"
#include "live/node_status.hpp"

namespace relup::change {

enum class ReleaseHandlerState { answers, busy };

struct HostStatus {
  std::string node;
  std::string otp;  // "25"
  ReleaseHandlerState release_handler = ReleaseHandlerState::answers;
  std::vector<live::KnownRelease> releases;
  std::string running;  // while the release handler is busy: what ran before
  std::string boots;    // after a restart of the operating system process
  std::vector<live::HeldCode> old_code;
  std::int64_t looked_at = 0;           // of so many processes was seen whether they run old code,
  std::int64_t processes = 0;           // out of so many
  std::optional<live::UnheardJob> job;  // that runs on the node
  std::optional<std::string> at_work;   // the relup that holds the lock, in its own words
  std::vector<std::string> repairs;     // what relup would have to put right, and why
  bool is_uncommitted = false;
  std::optional<live::Confirmation> confirmation;  // the node goes back by itself otherwise
};

// Whether to look at so many processes as there is time for, or at all of them.
enum class LookFor { a_moment, all_processes };

HostStatus look_at_host(FileSystem& files, const host::Host& host, node::NodeChannel& channel,
                        LookFor extent = LookFor::a_moment);

// What the files alone tell, of a node that is down or does not answer.
struct DiskStatus {
  std::string boots;  // at a start
  std::vector<live::KnownRelease> releases;
  std::vector<std::string> repairs;
};
DiskStatus look_at_disk(FileSystem& files, const host::Host& host);

// "an install of 1.1.0 runs, for 3 s"
std::string describe_running(const live::UnheardJob& job);

}  // namespace relup::change
