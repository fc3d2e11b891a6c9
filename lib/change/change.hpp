// SPDX-License-Identifier: Apache-2.0
#pragma once

// A change of the release that a node runs: what is asked for, what it is made with, and what came
// of it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "base/shell_command.hpp"
#include "change/progress.hpp"
#include "host/journal.hpp"
#include "live/agent_verbs.hpp"
#include "node/node_channel.hpp"
#include "policy/host_wishes.hpp"
#include "policy/quiesce.hpp"

namespace relup::change {

// What a change is made with.
struct ChangeTools {
  FileSystem& files;
  Clock& clock;
  Progress& progress;
  std::function<std::unique_ptr<node::NodeChannel>()> connect;
  std::string holder;  // written into the lock: "pid 123 (relup upgrade 1.1.0), user shop"
  Interruption& interruption = no_interruption();
  // A command that tells whether all is well, in words `NAME=VALUE` of its environment. Waits at
  // most so long.
  std::function<ShellResult(const std::string& command, const std::vector<std::string>& environment,
                            Milliseconds patience)>
      run_shell = {};
  host::Actor actor = {};            // for the journal
  host::Journal* journal = nullptr;  // the installer's own
  // What the files of this host say.
  policy::HostSettings settings = {};
  std::function<ShellResult(const ShellCall& call, const TellLine& tell,
                            Interruption& interruption)>
      run_hook = run_shell_aloud;
};

enum class CommitWhen { now, later };

// Who takes the script through: relup's own engine (live/install.hpp), or that of OTP's release
// handler. A script that restarts the emulator is always OTP's.
enum class Engine { relup, otp };
// How an install that has gone through is ended.
struct EndRequest {
  Milliseconds drain_timeout{30'000};  // for processes to leave old code
  std::vector<Atom> kill = {};         // whoever runs old code of these modules may be killed
};

// What must hold after an install and until its commit.
struct Probes {
  std::vector<std::string> commands;  // of the shell
  std::vector<live::ProbeFunction> functions;
};

struct ChangeRequest {
  std::string version;
  // The script to be run; none: the one that the relup has, as a check asks.
  std::optional<appup::Direction> direction = appup::Direction::up;
  std::optional<std::string> tarball = {};
  // Files of the keys, of which one must have signed the tarball; none: it need not be signed.
  std::vector<std::string> trusted_keys = {};
  CommitWhen commit = CommitWhen::now;
  Engine engine = Engine::relup;
  EndRequest end = {};
  Probes probes = {};
  // The node goes back by itself unless the release is committed within this time.
  std::optional<Milliseconds> confirm_within = {};
  policy::Quiesce quiesce = {};
};

// Whether the node was started again since the work began, be it within its operating system
// process: then all its connections and all its state were lost.
enum class NodeRestart { unknown, no, yes };

struct Outcome {
  std::string from;
  std::string to;
  bool committed = false;
  std::vector<std::string> notes;
  NodeRestart node_restart = NodeRestart::unknown;
  std::vector<live::OldCode> killed = {};  // who was, since the operator has allowed it
};

}  // namespace relup::change
