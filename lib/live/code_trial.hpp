// SPDX-License-Identifier: Apache-2.0
#pragma once

// code_change tried before anything changes: a second emulator beside the node runs it on copies of
// live states (node/agent/relup_agent_trial.erl), in the direction of the change and then back. The
// code is always that of the newer release, as its script runs it. A supervisor calls init/1 again,
// with the argument that it was started with: on the way up that is tried as well. Nothing of a
// state is told but its shape. Takes about half a second, and at most a minute; fails as the line
// does.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "host/relup_file.hpp"
#include "live/agent_verbs.hpp"
#include "release/release_tree.hpp"

namespace relup::live {

// Whether the files of the release that a change leads to lie in the root already.
enum class NewFiles { unpacked, packed };

struct TrialPlan {
  const release::ReleaseTree& old_release;
  const release::ReleaseTree& new_release;
  NewFiles new_files;
  const host::ScriptSummary& script;
  const std::vector<host::StateChange>& way_back;  // of the script that leads back
  Term settings;  // those that the change brings: [{App, [{Key, Value}]}]
};

enum class FailedWith { crash, bad_value, timeout };

struct FailedTry {
  Atom module;
  std::string function;  // "code_change/3"; "init/1" of a supervisor
  appup::Direction direction = appup::Direction::up;
  FailedWith failed_with = FailedWith::crash;
  std::string reason;  // "function_clause", or the shape of the value
  std::string place;   // "till.erl:12", where known
  std::string state;   // its shape
};

// Failed for want of something that is on the node and not in the second emulator, or not tried.
struct UndecidedTry {
  Atom module;
  std::string function;
  appup::Direction direction = appup::Direction::up;
  std::string reason;  // a sentence without its beginning
};

struct Pause {
  Atom module;
  std::int64_t processes = 0;
  std::int64_t microseconds = 0;  // of one of them, the longest
};

struct CodeTrial {
  std::vector<FailedTry> failed;       // in the direction of the change
  std::vector<FailedTry> failed_back;  // what came out of it, on the way back
  std::vector<UndecidedTry> undecided;
  std::vector<Pause> pauses;
  std::string fault;  // why nothing could be tried; empty where it could
};

// `meanwhile` is called about once a second while it goes on.
CodeTrial try_code_changes(AgentVerbs& agent, const TrialPlan& plan,
                           const std::function<void()>& meanwhile);

}  // namespace relup::live
