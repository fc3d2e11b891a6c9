// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether relup.yaml speaks of findings that there are.

#include "policy/policy.hpp"

namespace relup::cmd {

// An Error (usage) for a name under `findings` that no rule and no finding has.
void require_known_findings(const policy::Policy& policy);

}  // namespace relup::cmd
