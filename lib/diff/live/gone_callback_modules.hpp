// SPDX-License-Identifier: Apache-2.0
#pragma once

// A module that goes while processes may have it as their callback module.

#include "diff/release_diff.hpp"

namespace relup::diff {

// Where a supervisor lists its child no more, that is told of the supervisor.
void compare_callback_module(const ApplicationChange& application, ModuleChange& module);

}  // namespace relup::diff
