// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who calls whom inside one module, and what that means for a process that runs it while new code
// is loaded: whether it ever leaves the old code by itself, and whether it waits for another
// process while the module stands on its stack. Told from compiled code alone. Both answers are
// careful: "yes" is said only of what the code shows.

#include <memory>
#include <optional>
#include <vector>

#include "beam/code/module_code.hpp"

namespace relup::beam {

// An exported function that stands on the stack of its caller while that waits for an answer.
struct WaitingFunction {
  const FunctionCode* function;
  std::vector<Atom> servers;  // whom it asks, where the code names them, sorted
  bool asks_others = false;   // servers that the code does not name
};

class CallGraph {
 public:
  explicit CallGraph(const BeamFile& file);

  // The functions of the module; all pointers that this class hands out point into it.
  const ModuleCode& code() const { return *code_; }

  // Finds all the answers below out now, and gives the steps of the functions back, which take most
  // of the memory: code() has none of them any more. For who keeps many graphs.
  void forget_steps();

  // Whether a process that has come to `function` waits there again and again, and no call that
  // names the module leads it to new code: the function lies in a cycle of local calls with a
  // receive, and the cycle serves a process, it does not merely gather some messages.
  bool waits_for_ever_in_old_code(Atom function, unsigned arity) const;
  // One function of each such cycle, where processes enter it; in the order of the code.
  std::vector<const FunctionCode*> endless_loops() const;
  // All functions of these cycles.
  std::vector<const FunctionCode*> captive_functions() const;
  // All functions that local calls lead from to themselves, whether that comes to an end or not.
  std::vector<const FunctionCode*> recursive_functions() const;

  // Whether `function`, or one that it calls in this module, sends a request and waits for the
  // answer (is_request).
  bool calls_and_waits(Atom function, unsigned arity) const;
  // In the order of the code.
  std::vector<WaitingFunction> waiting_functions() const;

 private:
  std::optional<std::size_t> index_of(Atom function, unsigned arity) const;

  std::shared_ptr<const ModuleCode> code_;
  std::vector<bool> is_captive_;
  std::vector<std::size_t> loops_;
  std::vector<bool> calls_and_waits_;
  // Once the steps are forgotten.
  std::optional<std::vector<const FunctionCode*>> recursive_;
  std::optional<std::vector<WaitingFunction>> waiting_;
};

}  // namespace relup::beam
