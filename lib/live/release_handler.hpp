// SPDX-License-Identifier: Apache-2.0
#pragma once

// OTP's release handler on a live node, as typed calls (release_handler(3)). What needs more than
// one of its functions is a verb of the agent (live/agent_verbs.hpp). An answer `{error,
// Reason}` is an Error (bad_input) whose message says the call and explains the reason; a broken
// line is a NodeError, as the channel throws it.

#include <string>
#include <vector>

#include "node/node_channel.hpp"
#include "release/releases_file.hpp"

namespace relup::live {

// A refusal or failure of the release handler, with its reason as a term.
class ReleaseHandlerError : public Error {
 public:
  ReleaseHandlerError(const std::string& call, const Term& reason);
  const Term& reason() const { return reason_; }

 private:
  Term reason_;
};

// A release as the node knows it.
struct KnownRelease {
  std::string name;
  std::string version;
  std::vector<std::string> libraries;  // "shop-1.2"
  std::string status;                  // permanent, current, tmp_current, old, unpacked
};

// Of a list as release_handler:which_releases/0 answers it.
std::vector<KnownRelease> known_releases(const Term& list);

// One as RELEASES lists it.
KnownRelease known_release(const release::InstalledRelease& release);

class ReleaseHandler {
 public:
  explicit ReleaseHandler(node::NodeChannel& channel) : channel_(channel) {}

  std::vector<KnownRelease> which_releases();
  void set_removed(const std::string& version);

 private:
  Term call(std::string_view function, Term::Elements arguments, Milliseconds deadline);

  node::NodeChannel& channel_;
};

// The release that runs: the current one, else the permanent one. Null when the list has neither.
const KnownRelease* running_release(const std::vector<KnownRelease>& releases);
const KnownRelease* permanent_release(const std::vector<KnownRelease>& releases);
const KnownRelease* find_release(const std::vector<KnownRelease>& releases,
                                 const std::string& version);

}  // namespace relup::live
