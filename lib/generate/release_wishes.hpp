// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instructions that the policy adds for the release as a whole. They go into the finished script,
// so they are low-level ones: nobody translates them any more.

#include "base/diagnostic.hpp"
#include "policy/policy.hpp"
#include "relup/script.hpp"
#include "relup/way.hpp"

namespace relup::generate {

// Adds those of the direction of `way`, whose versions their templates stand for. An error (rule
// `policy`) for a term that is no instruction.
void add_release_wishes(const Way& way, const policy::Policy& policy, Script& script,
                        Diagnostics& faults);

}  // namespace relup::generate
