// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the callback that takes over the state of a live process (code_change) does with it on one
// way, as far as that can be told without running it.

#include "appup/appup.hpp"
#include "facts/module_facts.hpp"

namespace relup::plan {

enum class StateTakeover {
  missing,  // there is no such callback
  refuses,  // it has no clause for that way, and so crashes
  keeps,    // it hands the state back as it was, and does nothing else
  acts,     // it hands the state back as it was, after it has done something
  works,    // anything else
};

// `running` is the module whose callback is called. Where nothing is known, it works.
StateTakeover state_takeover(const facts::ModuleFacts& running, appup::Direction direction);

}  // namespace relup::plan
