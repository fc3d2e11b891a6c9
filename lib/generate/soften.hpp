// SPDX-License-Identifier: Apache-2.0
#pragma once

// systools purges brutally whatever comes or goes with a whole application, and offers no other
// way. Where nobody asked for it, those steps are made soft: a process that is still in the code of
// a removed application keeps it until it is done. systools also removes a module with its old
// application when another one has it now; such steps are left out.

#include "release/resolved_release.hpp"
#include "relup/script.hpp"

namespace relup::generate {

// Changes the steps that nobody wrote; `target` is where the script leads.
void soften(Script& script, const release::ResolvedRelease& target);

}  // namespace relup::generate
