// SPDX-License-Identifier: Apache-2.0
#pragma once

// An old release leaves the host: the node forgets it and deletes what nobody else uses, and its
// launcher goes.

#include "change/node_session.hpp"
#include "change/preparation.hpp"

namespace relup::change {

// An Error where something stands against it (against_removal_of), FailedChange where the node dies
// meanwhile.
void remove_release(const host::Host& host, const ChangeTools& tools, NodeSession& session,
                    Preparation& preparation, const std::string& version);

}  // namespace relup::change
