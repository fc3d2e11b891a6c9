// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the policy (relup.yaml): from the file that --config names, else from the working
// directory. Of a host it may as well lie in the release root, or be that of the machine; the first
// of them counts. When none is there, it is the default one.

#include <optional>

#include "console.hpp"
#include "host_options.hpp"
#include "policy/policy.hpp"

namespace relup::cmd {

// None when the file is wrong; the console has shown why. A file that --config names and that does
// not exist is an Error (usage).
std::optional<policy::Policy> load_policy(Console& console);
std::optional<policy::Policy> load_policy(const HostOptions& options, Console& console);

}  // namespace relup::cmd
