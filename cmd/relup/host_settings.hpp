// SPDX-License-Identifier: Apache-2.0
#pragma once

// The settings of a host: relup.yaml of its release root before that of the machine, in whose place
// --config puts another one.

#include <optional>
#include <string>

#include "console.hpp"
#include "policy/host_configuration.hpp"

namespace relup::cmd {

// All that the files say, right or wrong. Without a root it is the machine alone.
policy::HostConfiguration read_host_settings(const std::optional<std::string>& root,
                                             const Console& console);

// An Error (usage) that names the first fault of the files, where there is one.
policy::HostSettings load_host_settings(const std::string& root, Console& console);

}  // namespace relup::cmd
