// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the code of a module leaves behind for longer than a call: in the state of its processes, in
// tables and in other stores. It lives on when the module is replaced. Told from compiled code, so
// stripped modules tell it too; what is put there in a way that cannot be followed is not told.

#include <map>
#include <string_view>
#include <vector>

#include "facts/module_facts.hpp"
#include "facts/value_search.hpp"

namespace relup::facts {

enum class Store {
  state,  // of a process of the module
  ets,
  dets,
  mnesia,
  persistent_term,
  process_dictionary,
  environment,  // of an application
  agent,        // the state of an Elixir Agent
  timer,        // a call that a timer makes
  logger,       // filters and handlers
  telemetry,    // handlers
};

// "its state", "an ETS table"
std::string_view describe(Store store);

using KeptData = std::map<Store, HeldThings>;

// Whether the module calls what stores something outside of its processes.
bool keeps_elsewhere(const ModuleFacts& facts);

enum class Kept { anywhere, elsewhere };  // not in the state of a process

// `find` gives the code of other modules that may make what is kept.
KeptData kept_data(const ModuleFacts& facts, const beam::ValueFlow& code,
                   const ValueSearch::FindModule& find, Kept kept = Kept::anywhere);

}  // namespace relup::facts
