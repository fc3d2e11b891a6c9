// SPDX-License-Identifier: Apache-2.0
#pragma once

// Releases of tally that also serve the web, by the real ranch and cowboy: the listener `http` has
// a WebSocket at /socket, which answers each text with it and how many it has got by now, "served"
// at /, and the same at /held when `go` is sent to the process tally_held.
//
// The WebSocket has an answer made by another module, and 1.1.0 asks it for that in another way
// than 1.0.0 does. Between the loads of the two modules the script waits for 300 ms, in place of
// one that changes a table there. A module tally_upgrade, which 1.1.0 alone has, says something in
// the first and in the last step of the script, both ways.

#include <filesystem>

#include "build_machine.hpp"

namespace relup::live_tests {

// `libraries` is where ranch, cowboy and cowlib are. Built once per process.
BuildMachine& web_builds(const Tools& tools, const std::filesystem::path& libraries);

}  // namespace relup::live_tests
