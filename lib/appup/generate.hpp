// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes the instructions that take an application from one version to another and back. Purge is
// soft on both sides of every load, so that nobody is killed by surprise.

#include <vector>

#include "appup/instruction.hpp"
#include "diff/release_diff.hpp"

namespace relup::appup {

struct GeneratedScripts {
  std::vector<Action> up;
  std::vector<Action> down;
};

enum class RebuiltModules { leave, include };

GeneratedScripts generate_scripts(const diff::ApplicationChange& application,
                                  RebuiltModules rebuilt = RebuiltModules::leave);

}  // namespace relup::appup
