// SPDX-License-Identifier: Apache-2.0
#pragma once

// What live processes and stores hold that the other version does not expect (diff/live_data.hpp),
// held against the instructions of an appup. Found at the instruction of the module, unless the
// entry may see to it: by a code_change that does something on that way and is called, or by any
// {apply, ...}, which may do it.

#include <set>

#include "diff/live_data.hpp"
#include "lint/rule.hpp"

namespace relup::lint {

void add_live_data_findings(const UpgradeView& view,
                            const std::set<diff::LiveDataChange::Kind>& kinds, Findings& findings);

// The instruction of `entry` for a module; null where it has none.
const ParsedInstruction* instruction_for(const ParsedEntry& entry, Atom module);

// Whether it has code_change called.
bool runs_code_change(const ParsedEntry& entry, Atom module);

}  // namespace relup::lint
