// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a relup file says of one way between two releases, as far as an operator must know it before
// the node runs it.

#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "appup/instruction.hpp"
#include "host/host.hpp"
#include "term/term.hpp"

namespace relup::host {

// A module that the script reads from the library directory of a release.
struct FetchedModule {
  Atom application;
  std::string version;
  Atom module;
};

// What a code_change instruction does to the processes of a module.
struct StateChange {
  Atom module;
  appup::Direction direction = appup::Direction::up;  // from the older code to the newer, or back
  Term extra;
};

struct ScriptSummary {
  appup::Direction direction = appup::Direction::up;
  std::size_t steps = 0;
  Term instructions;                  // the list as it stands in the relup
  std::vector<Atom> loaded;           // modules that get new code, or leave
  std::vector<Atom> removed;          // those of them that leave
  std::vector<Atom> suspended;        // modules whose processes pause
  std::vector<Atom> purged_softly;    // before the load: while old code is in use, no install
  std::vector<Atom> purged_brutally;  // after it: make_permanent kills processes in old code
  // Before it: the load kills processes in the code that an earlier change has left.
  std::vector<Atom> purged_brutally_before;
  std::vector<FetchedModule> fetched;
  std::vector<StateChange> state_changes;
  std::vector<Atom> called;  // modules of functions that it applies
  // "shop_db:migrate/1": functions before the point of no return. The release handler runs that
  // part of the script when it checks, and again when it installs.
  std::vector<std::string> called_by_check;
  bool restarts_emulator = false;
};

// Its steps, each of which has been read before.
std::vector<appup::Action> actions_of(const ScriptSummary& script);

// The script between `from` and `to`, as the release handler picks it: the up entry of the relup of
// `to`, else the down entry of the relup of `from`. The texts are those of releases/VSN/relup, none
// where there is no such file. None when there is no entry; a damaged file is an Error (bad_input).
std::optional<ScriptSummary> find_script(const std::string& from, const std::string& to,
                                         const std::optional<std::string>& relup_of_from,
                                         const std::optional<std::string>& relup_of_to);

// The same with the relups of a host.
std::optional<ScriptSummary> find_script_on(FileSystem& files, const Host& host,
                                            const std::string& from, const std::string& to);

// The text of releases/VSN/relup on a host; none where there is none.
std::optional<std::string> relup_of(FileSystem& files, const Host& host,
                                    const std::string& version);

}  // namespace relup::host
