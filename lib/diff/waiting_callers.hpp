// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who of other applications may be inside the code of an application while they wait: modules that
// call functions of it in which a caller lingers (beam/code/lingering.hpp). A restart of the
// application ends its own processes, and not those. Told from compiled code of the applications
// that name it in their .app files.

#include <set>
#include <string>
#include <vector>

#include "facts/module_facts.hpp"
#include "release/release_tree.hpp"

namespace relup::diff {

struct WaitingCaller {
  Atom application;
  Atom module;
  Atom called;
  facts::FunctionName function;
  std::string describe() const;  // "front_w of front in order:wait/1"
};

// In the order of the release; one for each module and function.
std::vector<WaitingCaller> waiting_callers(const release::ReleaseTree& tree, Atom application);

// "front_w of front in order:wait/1 and 2 more"
std::string describe(const std::vector<WaitingCaller>& callers);

}  // namespace relup::diff
