// SPDX-License-Identifier: Apache-2.0
#pragma once

// The modules that the child specifications of an application name. The release handler finds the
// processes of a module by these names and by nothing else.

#include <set>

#include "release/release_tree.hpp"

namespace relup::lint {

class ReleasePair;
enum class Side;

struct SupervisedModules {
  std::set<Atom> modules;
  // Whether these are surely all: every supervisor belongs to the application and lists its
  // children literally, no code adds others later, and no other application needs this one (it
  // might supervise processes of its modules).
  bool is_complete = false;
};

// Reads every module of the application; ReleasePair::supervised_modules keeps the answer.
SupervisedModules find_supervised_modules(const ReleasePair& releases, Side side,
                                          const release::TreeApplication& application);

}  // namespace relup::lint
