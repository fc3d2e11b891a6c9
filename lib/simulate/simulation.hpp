// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a low-level script step by step on a model of the node: which release's code of each module
// is loaded, which old code is kept, which processes are suspended. What it finds are facts about
// steps; whether they matter is for the rules of the linter to say. Only modules that differ
// between the releases are looked at, for the others nothing changes whatever the order.

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "appup/appup.hpp"
#include "diff/release_diff.hpp"
#include "relup/script.hpp"

namespace relup::simulate {

// Whose code of a module the node runs: that of the release where the script starts, or of the one
// where it leads.
enum class Loaded { nothing, origin, target };

// While the steps `first` to `last` are done, code that runs calls a function that is not there.
// At home, in its own release, the call is fine.
struct UndefinedCall {
  Atom caller;
  Atom callee;
  facts::FunctionName function;
  std::size_t opened_by = 0;  // the step that brought it about
  std::size_t closed_by = 0;  // the step that mended it; the number of steps when none does
};

// `module` is to be suspended while `called`, whose processes it calls and waits for, is suspended
// already: it may hang in such a call, does not answer, and is left out without a word
// (release_handler_1:suspend).
struct BlockedSuspend {
  Atom module;
  Atom called;
  std::size_t step = 0;
};

// A step that kills processes: those which still run the code that an earlier step of the script
// has made old code.
struct LateKill {
  Atom module;
  std::size_t left_by = 0;
  std::size_t step = 0;
};

// At the end the node runs other code of a module than the target release has.
struct WrongEnd {
  Atom module;
  Loaded loaded = Loaded::nothing;
  std::optional<std::size_t> last_step;  // the last one that touched the module
};

class Simulation {
 public:
  std::vector<UndefinedCall> undefined_calls;
  std::vector<BlockedSuspend> blocked_suspends;
  std::vector<LateKill> late_kills;
  std::vector<WrongEnd> wrong_ends;

  // What of `module` is loaded when `step` begins; none for a module that is the same in both
  // releases or in neither.
  std::optional<Loaded> loaded(Atom module, std::size_t step) const;

 private:
  friend class Simulator;
  struct Change {
    std::size_t after;  // the step after which it holds
    Loaded loaded;
  };
  struct History {
    Loaded first = Loaded::nothing;
    std::vector<Change> changes;
  };
  std::unordered_map<Atom, History> histories_;
};

// `diff` leads from the old release to the new one, whatever the direction of the script.
Simulation simulate(const Script& script, appup::Direction direction,
                    const diff::ReleaseDiff& diff);

}  // namespace relup::simulate
