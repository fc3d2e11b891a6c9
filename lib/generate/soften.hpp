// SPDX-License-Identifier: Apache-2.0
#pragma once

// systools purges brutally whatever comes, goes or restarts with a whole application, and offers no
// other way. Where nobody asked for it, those steps are made soft: a process that is still in the
// code of a removed application, or one of another application in the code of one that restarts,
// keeps it until it is done. systools also removes a module that is loaded again, since its
// application restarts or another one has it now; such steps are left out, but for a module that
// loads a native library: with its old code the old library goes, so that the new one is loaded
// and not upgraded to, which most libraries refuse.

#include "release/release_tree.hpp"
#include "relup/script.hpp"

namespace relup::generate {

// Changes the steps of which nobody wrote how to purge. The script leads from `origin` to `target`.
// A damaged module is an Error (bad_input).
void soften(Script& script, const release::ReleaseTree& origin, const release::ReleaseTree& target);

}  // namespace relup::generate
