// SPDX-License-Identifier: Apache-2.0
#pragma once

// The compiled agent (agent/relup_agent.erl), as the build embeds it.

#include <string_view>

namespace relup::node {

struct AgentModule {
  std::string_view name;  // "relup_agent_", and a digest of its text
  std::string_view beam;
};

const AgentModule& agent_module();

}  // namespace relup::node
