// SPDX-License-Identifier: Apache-2.0
#pragma once

// All objections to a proposed change, found in one place: `check` shows them, `upgrade` throws
// them. To add one, write a file in objections/files/ when the files of the host decide it, or in
// objections/node/ when the node does, and add its kind to objection.hpp. The file defines one
// function, named as the file is; the build makes the list of them. Looking changes nothing, on the
// host or on the node.

#include <optional>
#include <string>
#include <vector>

#include "change/proposed_change.hpp"
#include "live/agent_verbs.hpp"
#include "live/loaded_code.hpp"
#include "live/rehearsal.hpp"

namespace relup::change {

// What can be judged without a node.
struct FilesView {
  FileSystem& files;
  const host::Host& host;
  const ChangeRequest& request;
  const ProposedChange& change;
  Checkpoint& checkpoint = no_checkpoint();
};

// What the node has told besides, for those who show it.
struct NodeFindings {
  std::vector<std::string> notes;
  std::vector<live::MemoryDifference> left_alone;  // modules of other code (other_code.hpp)
  std::optional<Term> configuration;               // what that of the new release resolves to
  std::optional<live::Forecast> forecast;          // of its processes (node_forecast.hpp)
  std::optional<live::RunningRehearsal> start;     // a start of the new release that is tried
  live::Rehearsal tried_start;                     // what came of it
};

// What can be judged by asking the node.
struct NodeView {
  node::NodeChannel& channel;
  live::AgentVerbs& agent;
  Clock& clock;
  const host::ScriptSummary* script;  // null where there is none
  const ProposedChange* change;       // null in a rollback, which only the script's processes stop
  NodeFindings& findings;
  Engine engine = Engine::relup;
  live::Depth depth = live::Depth::quick;
  const policy::Quiesce* quiesce = nullptr;  // null where clients do not wait
  // The modules whose old code the operator lets us purge brutally.
  std::vector<Atom> may_kill = {};
  Interruption& interruption = no_interruption();
};

// Made by the build from the files of the two folders.
Objections objections_of_files(const FilesView& view);
// May wait for some seconds for processes to leave old code, as an upgrade does.
Objections objections_of_node(const NodeView& view);

// The one of them that a way back has to pass as well (way_back_trial.hpp).
namespace by_node {
Objections unworkable_code_change(const NodeView& view);
}  // namespace by_node

// Processes that run old code which the load of a module would purge brutally.
Objections would_be_killed_by_load(const std::vector<live::OldCode>& in_use);

// Modules named by --kill that the script neither loads nor removes.
Objections nothing_to_kill_in(const std::vector<Atom>& named, const host::ScriptSummary& script);

// The one of them that stands against a commit as well: nothing to start `version` with.
Objections missing_launcher(FileSystem& files, const host::Host& host, const std::string& version);

// The one that stands against a removal as well: folders below the root that belong to others.
Objections foreign_folders(FileSystem& files, const host::Host& host,
                           const std::vector<std::string>& paths);

struct Judgement {
  std::optional<ProposedChange> change;  // none where it cannot be read
  Objections objections;
};

// What speaks against a change by the releases that the node knows and by the files of the host.
// The node is for the caller to ask (objections_of_node).
Judgement judge_by_files(const ChangeRequest& request, const Releases& releases,
                         const host::Host& host, const ReadingTools& tools);

}  // namespace relup::change
