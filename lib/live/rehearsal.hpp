// SPDX-License-Identifier: Apache-2.0
#pragma once

// A start of a release that is tried on the node's host before a restart depends on it: an emulator
// with its flags, boot script and settings loads everything and ends before an application is
// started. What would only go wrong in an application is not seen.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "live/agent_verbs.hpp"

namespace relup::live {

// Of vm.args: what the emulator itself is told. Without what would give it a name, a cookie, a
// guard, or other files than those that are tried.
std::vector<std::string> flags_to_try(const std::string& arguments_file);

struct RehearsalPlan {
  std::string erts;
  std::string boot_file;           // absolute
  std::vector<std::string> flags;  // flags_to_try
  bool has_variables = false;      // ${NAME} in them are filled in by the start script
  std::optional<Term> settings;    // what the configuration resolves to
};

struct Rehearsal {
  enum class End { holds, fails, untried };
  End end = End::untried;
  std::string told = {};  // by the emulator, or why it was not tried
  // Of one that holds: what tells the files, the flags and the settings that it has looked at from
  // others. None where not all of them are known.
  std::optional<Term> mark = {};
};

// One that goes on while its starter does something else.
class RunningRehearsal {
 public:
  // Begins. `root` is that of the release as the node names it; the agent must outlive the object.
  RunningRehearsal(AgentVerbs& agent, const std::string& root, const RehearsalPlan& plan);

  // Who does not ask for some seconds gives it up, and begins anew with `end`.
  void keep_up() { ask(Milliseconds{0}); }
  // Waits for the end, or for an interruption, which leaves it untried.
  Rehearsal end(Interruption& interruption);

 private:
  void ask(Milliseconds wait);

  AgentVerbs* agent_;
  Term order_;
  Term begun_;
  std::optional<Rehearsal> answer_;
};

// Begins one and waits for its end. But where `earlier` holds, and a start would look at nothing
// else now than it did, `earlier` is the answer.
Rehearsal rehearse(AgentVerbs& agent, const std::string& root, const RehearsalPlan& plan,
                   Interruption& interruption, const Rehearsal& earlier);

}  // namespace relup::live
