// SPDX-License-Identifier: Apache-2.0
#pragma once

// When whole applications start and stop in a script. systools starts what comes before anything
// else has changed and stops what goes when everything has (systools_relup), whatever they need.
// So an application may start while what it calls is still old, beside the one that it replaces,
// or although another one includes it and would start its processes: each of them ends in a node
// that halts. Here each start waits for what the application needs, and each stop comes before it.

#include "base/diagnostic.hpp"
#include "plan/load_order.hpp"
#include "relup/script.hpp"
#include "relup/way.hpp"

namespace relup::generate {

// Moves the starts and stops that nobody wrote, and adds those that a changed start type asks for;
// `dependencies` are those between the modules of both releases. Returns a note (rule
// `application-order`) for each application that does not just start or stop. A script that begins
// with a restart of the emulator stays as it is.
Diagnostics order_applications(const Way& way, const std::vector<plan::Dependency>& dependencies,
                               Script& script);

}  // namespace relup::generate
