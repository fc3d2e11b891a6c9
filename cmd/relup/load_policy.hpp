// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the policy (relup.yaml): from the file that --config names, else from the working
// directory; when neither is there, it is the default one.

#include <optional>

#include "console.hpp"
#include "policy/policy.hpp"

namespace relup::cmd {

// None when the file is wrong; the console has shown why. A file that --config names and that does
// not exist is an Error (usage).
std::optional<policy::Policy> load_policy(Console& console);

}  // namespace relup::cmd
