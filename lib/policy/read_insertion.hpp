// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `instructions` of relup.yaml: where they go, and what they are for the way up and down.

#include <vector>

#include "policy/faults.hpp"
#include "policy/wishes.hpp"

namespace relup::policy {

// A relup has a check and no place beside a module; with an appup it is the other way round.
enum class Script { relup, appup };

// Appends what `node` lists.
void read_insertions(const YamlNode& node, Script script, std::vector<Insertion>& insertions,
                     Faults& faults);

}  // namespace relup::policy
