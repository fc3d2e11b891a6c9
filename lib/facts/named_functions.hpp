// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions that code names for later, by module, function and number of arguments: a timer that is
// to call them, a process that is to wake up in them, or to start there. Unlike a call, such a name
// is looked up when its time comes, in whatever code is loaded then. Told from compiled code, where
// the name stands there literally.

#include <optional>
#include <string>
#include <vector>

#include "beam/code/value_flow.hpp"
#include "facts/module_facts.hpp"

namespace relup::facts {

struct NamedFunction {
  enum class By {
    timer,
    hibernation,  // where the process wakes up
    spawn,        // where a new process starts
    loop,         // where a function of the module comes back to itself, by its full name
  };
  By by = By::timer;
  Atom module;
  Atom function;
  std::optional<unsigned> arity;  // none where the arguments cannot be counted
  FunctionName place;             // the function that names it
  std::string call = {};          // that does, "timer:apply_interval/4"; empty for a loop
};

std::vector<NamedFunction> named_functions(const beam::ValueFlow& code);

}  // namespace relup::facts
