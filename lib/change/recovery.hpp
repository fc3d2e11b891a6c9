// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ends what a relup left that was killed, or a host that lost its power: from the journal and the
// disk alone, without the node and without Erlang. What was not decided yet is undone, so that the
// old release boots; what was decided is finished, so that the new one does. Files that contradict
// each other without that are made to agree. Nothing that a node may run is deleted: a release that
// RELEASES lists stays. Whoever kills it in the middle finds it done by the next one, and a second
// time there is nothing to do.
//
// Error: unavailable where another relup is at work, uncertain where the disk does not tell which
// release is to boot, or the work is that of a later relup; nothing is changed then.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "host/journal.hpp"

namespace relup::change {

enum class RecoveryEnd {
  nothing_to_do,
  undone,    // the old release boots
  finished,  // the new one does
  mended,    // no work was under way, but the files did not agree, or something was left
};

struct Recovery {
  RecoveryEnd end = RecoveryEnd::nothing_to_do;
  std::optional<host::Operation> operation;  // that was under way
  std::vector<std::string> found;            // sentences
  std::vector<std::string> done;
  std::string boots;  // the release; empty where the root has no journal and no files of releases
};

struct RecoveryTools {
  FileSystem& files;
  Clock& clock;
  std::string holder;  // written into the lock
  host::Actor actor = {};
};

Recovery recover(const std::string& root, const RecoveryTools& tools);
// The same for who has the lock.
Recovery recover_locked(const std::string& root, const RecoveryTools& tools);

// Whether there is something to recover before a root can be worked on. Takes no lock.
bool needs_recovery(FileSystem& files, const std::string& root);

}  // namespace relup::change
