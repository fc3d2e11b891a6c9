// SPDX-License-Identifier: Apache-2.0
#pragma once

// The cycles of local calls in which processes of a module live, and which none of them leaves for
// newer code of the module.

#include <vector>

#include "beam/code/module_code.hpp"

namespace relup::beam {

// The functions of each cycle as indices, in order, the first one being where processes enter it.
// None of code that could not be read to its end.
std::vector<std::vector<std::size_t>> find_endless_loops(const ModuleCode& code);

}  // namespace relup::beam
