// SPDX-License-Identifier: Apache-2.0
#pragma once

// Exported functions in which a caller may wait while the code of the module stands on its stack:
// for a message, for the answer to a request, for time to pass; in the function itself or in those
// of its module that it calls.

#include <vector>

#include "beam/code/module_code.hpp"

namespace relup::beam {

// In the order of the code; they point into `code`.
std::vector<const FunctionCode*> lingering_functions(const ModuleCode& code);

}  // namespace relup::beam
