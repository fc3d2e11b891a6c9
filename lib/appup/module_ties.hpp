// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which DepMods the entry of one application gets, and which dependencies between applications no
// DepMods can express. An entry serves every base release that has its version of the application,
// so it may name only modules that all of those releases upgrade.

#include <vector>

#include "appup/release_plan.hpp"
#include "base/diagnostic.hpp"

namespace relup::appup {

struct ModuleTies {
  DepMods up;
  DepMods down;
  // Why, in words: by the module that has the DepMods and the one that they name.
  std::map<std::pair<Atom, Atom>, std::string> because;
  Diagnostics exposed;  // notes (rule `exposed-call`): a call that may find nothing for a moment
};

// `bases` are not empty, and all of them upgrade `application` from the same version.
ModuleTies tie_modules(Atom application, const std::vector<const ReleasePlan*>& bases);

}  // namespace relup::appup
