// SPDX-License-Identifier: Apache-2.0
#pragma once

// A change as it would be made: the two releases with their files, where the new one comes from,
// and the script between them, which is made where the release comes without one. Reading it
// changes nothing on the host.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/checkpoint.hpp"
#include "change/change.hpp"
#include "change/objection.hpp"
#include "change/starting_point.hpp"
#include "host/incoming_release.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

// Where the new release comes from.
enum class ReleaseSource {
  known,      // it is unpacked, and the release handler knows it
  tarball,    // still packed
  directory,  // somebody has unpacked it
};

// A release that is unpacked and known, and that a tarball of the same version is to replace.
struct ReplacedRelease {
  std::set<std::string> libraries;  // "lib/shop-1.2" that no other release uses
  bool boots = false;               // the node says that it is permanent
};

struct ProposedChange {
  std::string from;
  std::string to;
  ReleaseSource source = ReleaseSource::known;
  release::ReleaseTree old_release;
  release::ReleaseTree new_release;
  std::optional<host::IncomingRelease> incoming;  // of a tarball
  std::optional<ReplacedRelease> replaces;        // by it
  std::optional<host::ScriptSummary> script;
  std::optional<Error> script_fault;      // why a relup cannot be read, or not be made
  std::optional<std::string> made_relup;  // the text, where the release comes without one
  std::vector<std::string> warnings;      // of reading the tarball and of making the relup
};

// What it is read with. The steps are "verify" and "generate", each where there is something to do.
struct ReadingTools {
  FileSystem& files;
  Clock& clock;
  Progress& progress;
  Checkpoint& checkpoint = no_checkpoint();
};

struct Proposal {
  std::optional<ProposedChange> change;  // none where one of the two releases cannot be read
  Objections objections;                 // why not
};

// The change from the running release of `releases`, which there must be. Reads the release that
// would be taken: one that the node knows, else its tarball, else its directory. Where a tarball
// has another content than the release that the node knows, it is taken: the one that the request
// names in any case, the one in releases/ as long as that release was never installed. What ends
// the work at a checkpoint is no objection and goes through: Interrupted, NodeError.
Proposal propose(const ChangeRequest& request, const Releases& releases, const host::Host& host,
                 const ReadingTools& tools);

}  // namespace relup::change
