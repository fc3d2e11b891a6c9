// SPDX-License-Identifier: Apache-2.0
#pragma once

// The compiled agent (agent/*.erl), as the build embeds it.

#include <string_view>
#include <vector>

namespace relup::node {

struct AgentModule {
  std::string_view name;  // "relup_agent_", and a digest of the text of all
  std::string_view beam;
};

// The first one takes requests, the others work for it.
const std::vector<AgentModule>& agent_modules();

}  // namespace relup::node
