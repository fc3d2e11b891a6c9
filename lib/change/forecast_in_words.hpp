// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the look at the processes of a node has found (live/forecast.hpp), as sentences for people.
// What stands against a change is an objection (objections/node/) and is not told again.

#include <string>
#include <vector>

#include "change/change.hpp"
#include "host/relup_file.hpp"
#include "live/forecast.hpp"

namespace relup::change {

std::string in_words(const live::TreeDifference& difference);

struct ForecastInWords {
  std::vector<std::string> warnings;  // it goes through, and something is hurt or at risk by it
  std::vector<std::string> notes;
  std::vector<std::string> connected;    // other nodes, and what they run
  std::vector<std::string> not_seen;     // what could not be looked at
  std::vector<std::string> uncommitted;  // why the install would not be committed
  std::string pause;                     // how long processes wait, roughly; empty: none
};

ForecastInWords in_words(const live::Forecast& forecast, const host::ScriptSummary& script,
                         Engine engine);

}  // namespace relup::change
