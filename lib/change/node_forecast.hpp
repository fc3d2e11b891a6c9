// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a change would do to the processes of the node: what the files of both releases tell of its
// modules, put to the agent. It is asked once for all objections and for those who show it.

#include "change/objections.hpp"

namespace relup::change {

// Of the script of `view`, which there must be; kept in its findings. Where there is no change (a
// rollback), nothing of the modules is known but their names.
const live::Forecast& forecast_of(const NodeView& view);

}  // namespace relup::change
