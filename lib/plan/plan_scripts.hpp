// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes the instructions that take an application from one version to another and back. Purge is
// soft on both sides of every load, so that nobody is killed by surprise; the policy may wish
// otherwise, module by module.

#include <vector>

#include "appup/instruction.hpp"
#include "base/diagnostic.hpp"
#include "plan/decision.hpp"
#include "plan/module_ties.hpp"

namespace relup::plan {

enum class RebuiltModules { leave, include };

// One entry of an appup.
struct EntryRequest {
  Atom application;
  // The releases to come from that have one and the same version of it; not empty.
  std::vector<const ReleasePlan*> bases;
  RebuiltModules rebuilt = RebuiltModules::leave;
  const policy::Policy* policy = nullptr;  // null: no wishes
  // Those of all releases to come from; null where there are none but `bases`.
  const ReleaseTies* ties = nullptr;
};

struct PlannedScripts {
  std::vector<appup::Action> up;
  std::vector<appup::Action> down;
  Diagnostics notes;    // what no script can make safe; errors of the policy
  Decisions decisions;  // why, those of the way up first
};

PlannedScripts plan_scripts(const EntryRequest& request);

}  // namespace relup::plan
