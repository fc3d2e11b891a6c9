// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads relup.yaml (docs/policy.md). Everything that is wrong is found in one go: unknown and
// repeated keys, values of a wrong kind, Erlang terms that are none. Whether an instruction is one
// is for those to say who know the grammar of instructions.

#include <string>

#include "base/diagnostic.hpp"
#include "policy/host_wishes.hpp"
#include "policy/policy.hpp"

namespace relup::policy {

struct ReadPolicy {
  Policy policy;            // what could be read; worth something only without diagnostics
  HostWishes host;          // the same
  Diagnostics diagnostics;  // errors of the rule `policy`, in file order
};

// `name` names the file in messages. An empty text is a policy without wishes.
ReadPolicy read_policy(const std::string& name, const std::string& text);

}  // namespace relup::policy
