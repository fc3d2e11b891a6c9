// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `quiesce` of relup.yaml.

#include "policy/faults.hpp"
#include "policy/quiesce.hpp"

namespace relup::policy {

// What `node` says; the rest of `quiesce` stays as it is.
void read_quiesce(const YamlNode& node, Quiesce& quiesce, Faults& faults);

}  // namespace relup::policy
