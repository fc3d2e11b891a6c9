// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `host` of relup.yaml.

#include "policy/faults.hpp"
#include "policy/host_wishes.hpp"

namespace relup::policy {

// What `node` says; the rest of `wishes` stays as it is.
void read_host(const YamlNode& node, HostWishes& wishes, Faults& faults);

}  // namespace relup::policy
