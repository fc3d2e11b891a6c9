// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether anybody may begin to work on a host at all: no other relup is at work, and the node runs
// a release that the work can start from. Where one of these objects, nothing more is asked: what
// is true of a host that somebody changes is not true for long.

#include "change/change.hpp"
#include "change/objection.hpp"
#include "host/host.hpp"
#include "live/agent_verbs.hpp"
#include "live/release_handler.hpp"

namespace relup::change {

using Releases = std::vector<live::KnownRelease>;

// The file that a relup at work holds a lock on.
std::string lock_path(const host::Host& host);

// Holds that lock. An Error with the objection that another relup is at work, where one is: `what`
// is refused then ("the work").
std::unique_ptr<FileLock> lock_root(FileSystem& files, const host::Host& host,
                                    const std::string& what, const std::string& holder);

// Another relup is at work; `holder` is what it wrote of itself.
Objections another_relup(const host::Host& host, const std::string& holder);

// A relup that was killed has left work on the node that still goes on.
Objections unfinished_job(const std::optional<live::UnheardJob>& job);

// What the releases of the node, as its release handler lists them, say against a change to
// `version`, against a commit, against a rollback, and against the removal of `version`.
Objections against_change_to(const std::string& version, const Releases& releases);
Objections against_commit(const Releases& releases);
Objections against_rollback(const Releases& releases);
Objections against_removal_of(const std::string& version, const Releases& releases);

}  // namespace relup::change
