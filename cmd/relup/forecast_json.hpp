// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the look at the processes of a node has found, as `relup check --format json` shows it
// (schemas/check.schema.json).

#include "base/json.hpp"
#include "live/forecast.hpp"

namespace relup::cmd {

Json forecast_json(const live::Forecast& forecast);

}  // namespace relup::cmd
