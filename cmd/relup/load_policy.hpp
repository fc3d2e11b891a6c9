// SPDX-License-Identifier: Apache-2.0
#pragma once

// The wishes of the user: the file that --config names, else relup.yaml of the working directory,
// else none.

#include <optional>

#include "console.hpp"
#include "policy/policy.hpp"

namespace relup::cmd {

// None when the file is wrong, which the console then shows. A file that was named and is not there
// is an Error (usage).
std::optional<policy::Policy> load_policy(Console& console);

}  // namespace relup::cmd
