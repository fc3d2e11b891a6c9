// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the code_change of the newer version may see to what its processes hold of the older one.

#include "diff/live/code_pair.hpp"

namespace relup::diff {

// code_change of both versions is the same code, the state has kept its shape, and nothing that it
// calls elsewhere has changed.
bool is_code_change_left_over(const CodePair& pair, const CodePairs& pairs);

// code_change of the new version, where it may do something; null elsewhere. After
// `has_leftover_code_change` of the module is known; so with what follows.
const beam::FunctionFlow* working_code_change(const CodePair& pair);

// Whether code_change names the atom, or has others do its work.
LiveDataChange::Care care_for(const CodePair& pair, Atom name);
// Also where it answers a state of its own choice.
LiveDataChange::Care care_for_state(const CodePair& pair, Atom name);

}  // namespace relup::diff
