// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a change of code would do to the processes of a node, as the agent sees it without asking
// them (node/agent/relup_agent_forecast.erl): who is suspended, who stays in old code, who holds
// functions of a module that changes, and what is in the way. The answer is data; sentences are
// made where it is shown.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "term/term.hpp"

namespace relup::live {

using FunctionName = std::pair<Atom, unsigned>;

// A module that gets new code, or leaves, and what its files tell of it.
struct ChangedModule {
  Atom module;
  std::optional<std::string> new_md5;   // none: it leaves
  std::vector<FunctionName> gone;       // exports that the new code has not
  std::vector<FunctionName> captive;    // of the old code, in loops that nobody leaves
  std::vector<FunctionName> recursive;  // of the old code, in loops of local calls
  bool makes_funs = true;
  // With erlang:send_after/3 and the like, and with a message that may hold anything.
  bool starts_timers = false;
};

// How much of tables, messages and states is read to find who holds functions.
enum class Depth { quick, deep };

struct ForecastQuestion {
  std::vector<Atom> suspended;
  std::vector<ChangedModule> changed;
  Depth depth = Depth::quick;
};

struct NodeProcess {
  std::string pid;          // <0.120.0>
  std::string name;         // as registered; may be empty
  std::string supervisor;   // or who has started it; may be empty
  std::string application;  // may be empty
  // "till", or "<0.120.0>"
  const std::string& shown() const { return name.empty() ? pid : name; }
};

struct ProcessGroup {
  std::size_t count = 0;
  std::vector<NodeProcess> first;  // not all of them when there are many
};

struct SuspendedProcesses {
  Atom module;
  ProcessGroup processes;
};

// Where the tree of supervisors, as OTP's release handler walks it, is not what the processes are.
struct TreeDifference {
  enum class Kind {
    no_supervisor_on_top,  // the top process of application `detail`, asked for children
    no_supervisor,         // a child of `detail` that is declared a supervisor: the same
    dynamic,               // a child of `detail`, asked for its modules as a manager of events is
    other_module,          // of `module`, and its specification names `detail`
    below_worker,          // of `module`, below supervisor `detail`, which is declared a worker
    in_no_tree,            // of `module`, and no supervisor has it
    not_of_module,         // its specification names `module`, and it runs `detail`
  };
  Kind kind = Kind::no_supervisor;
  std::optional<Atom> module;
  std::string detail;
  ProcessGroup processes;

  // Whether OTP's walk would ask them what may end them; otherwise it passes over them, or takes
  // them for another's.
  bool is_dangerous() const { return kind <= Kind::dynamic; }
};

// Processes with a function of a changed module on their stack.
struct StayingProcesses {
  enum class Class {
    captive,  // in a loop that nobody leaves
    parked,   // nothing has happened there while we looked
    staying,  // at work, and there each time we looked
    moving,   // gone from there at one of the looks
  };
  Atom module;
  Class stay = Class::parked;
  std::string function;  // loop/1
  ProcessGroup processes;
};

// A function of a changed module that something else keeps.
struct HeldFunction {
  enum class Kind {
    fun,     // made by the old code: it fails when that is purged
    name,    // of a function that the new code does not export
    module,  // logger's handler or formatter, which leaves
  };
  Kind kind = Kind::fun;
  Atom module;
  std::string function;  // the one that has made the fun, or that is named; may be empty
  std::string place;     // "table bus_handlers"
};

struct LateProcess {
  enum class Kind {
    stuck,    // has not come back to where it receives messages, for as long as a suspend may take
    mailbox,  // has that many messages to read first
  };
  NodeProcess process;
  Atom module;
  Kind kind = Kind::mailbox;
  std::string function;  // where it is; may be empty
  std::string activity;  // calling, waiting, running
  std::size_t messages = 0;
};

// A supervisor that has used up its restarts.
struct NearLimit {
  NodeProcess supervisor;
  std::int64_t done = 0;
  std::int64_t intensity = 0;
  std::int64_t period = 0;  // seconds
};

struct UnusableModule {
  enum class Why { cover_compiled, sticky, no_file };
  Atom module;
  Why why = Why::no_file;
  std::string place;  // the file or its folder
};

struct Neighbour {
  std::string node;
  std::string release;  // empty where it did not say
  std::string version;
};

struct Forecast {
  std::vector<SuspendedProcesses> suspended;  // of each module that the script suspends
  std::vector<TreeDifference> differences;
  std::vector<NodeProcess> silent;    // supervisors that do not answer, or are suspended
  std::vector<NodeProcess> too_deep;  // processes whose stack is too long to be read
  std::vector<StayingProcesses> staying;
  std::vector<HeldFunction> held;
  std::vector<std::string> unread;  // what was not searched for functions, in words
  std::vector<std::pair<Atom, std::size_t>> hibernating;  // by the module that they began in
  std::vector<LateProcess> late;
  std::vector<NearLimit> near_limit;
  bool has_heart = false;
  bool controller_is_silent = false;  // application_controller has not answered
  std::vector<Atom> starting;         // applications
  std::vector<UnusableModule> unusable;
  std::vector<Neighbour> neighbours;
};

Term forecast_term(const ForecastQuestion& question);
// Of the agent's answer; what has another form is left out.
Forecast read_forecast(const Term& answer);

}  // namespace relup::live
