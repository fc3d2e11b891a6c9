// SPDX-License-Identifier: Apache-2.0
#pragma once

// The names in relup.yaml that nothing in the releases has: of applications, and of modules. A wish
// that is misspelt is no wish, and nobody would notice. A
// pattern (`*_test`) may well match nothing.

#include "generate/generate_upgrade.hpp"

namespace relup::generate {

// One finding for each; an error.
Diagnostics unknown_names(const GenerateRequest& request);

}  // namespace relup::generate
