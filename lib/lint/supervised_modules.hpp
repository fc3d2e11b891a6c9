// SPDX-License-Identifier: Apache-2.0
#pragma once

// The modules that the child specifications of an application name. The release handler finds the
// processes of a module by these names and by nothing else.

#include <set>

#include "lint/release_pair.hpp"

namespace relup::lint {

struct SupervisedModules {
  std::set<Atom> modules;
  // Whether these are surely all: every supervisor is the application's own and lists its children
  // literally, nobody starts others later, and no application stands above that might have some.
  bool is_complete = false;
};

SupervisedModules supervised_modules(const ReleasePair& releases, Side side,
                                     const release::TreeApplication& application);

}  // namespace relup::lint
