// SPDX-License-Identifier: Apache-2.0
#pragma once

// State functions of a gen_statem that the other version does not have, while a process may be in
// them; and a callback_mode that no code_change asks for anew.

#include "diff/live/code_pair.hpp"

namespace relup::diff {

void compare_state_functions(CodePair& pair);

}  // namespace relup::diff
