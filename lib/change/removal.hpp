// SPDX-License-Identifier: Apache-2.0
#pragma once

// An old release leaves the host: the node forgets it, and what no other release has of it is
// deleted. Nothing is that somebody uses (release_users.hpp).

#include "change/node_session.hpp"
#include "change/preparation.hpp"

namespace relup::change {

// An Error where something stands against it, FailedChange where the node dies meanwhile.
void remove_release(const host::Host& host, const ChangeTools& tools, NodeSession& session,
                    Preparation& preparation, const std::string& version);

}  // namespace relup::change
