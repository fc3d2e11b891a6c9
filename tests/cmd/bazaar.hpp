// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two releases between which everything differs that a diff can tell: `old` (bazaar 2.9.4) and
// `new` (2.9.6-rc.0), compiled with debug information.
//   stall     upgraded: a state with another shape, a supervisor with other children and a side
//             effect, exports, a module that came, one that went, one that was only rebuilt
//   scale     upgraded, with another native library
//   counter   code that changed under the same version; also gives a module to stall
//   cart      only rebuilt;  carpet  new;  tent  gone;  well  unchanged
// and consolidated protocols, settings, and ERTS.

#include <string>

namespace relup::cmd {

// Writes both below `directory`.
void write_bazaar(const std::string& directory);

}  // namespace relup::cmd
