// SPDX-License-Identifier: Apache-2.0
#pragma once

// What of the node does not agree with the new release after an install, besides its code: settings
// of applications that somebody has changed meanwhile, and libraries that are found elsewhere. It
// does not undo the install; it is told.

#include <optional>
#include <string>
#include <vector>

#include "live/agent_verbs.hpp"
#include "release/release_tree.hpp"

namespace relup::change {

// Each as a sentence; values of secrets are not shown. `configuration` is what that of the release
// resolves to on the node; none where nobody has asked, and then settings are not looked at.
std::vector<std::string> look_around(live::AgentVerbs& agent, const release::ReleaseTree& tree,
                                     const std::optional<Term>& configuration);

}  // namespace relup::change
