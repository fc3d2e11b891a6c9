// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an upgrade or a downgrade would do and find. Nothing is changed, on the host or on the node.

#include <optional>
#include <string>
#include <vector>

#include "change/change.hpp"
#include "change/forecast_in_words.hpp"
#include "change/objection.hpp"
#include "host/host.hpp"
#include "host/relup_file.hpp"
#include "live/application_settings.hpp"

namespace relup::change {

struct CheckResult {
  std::string from;
  std::string to;
  host::ScriptSummary script;
  Objections objections;  // why a change would be refused, all of them; empty: it would go through
  std::vector<std::string> notes;
  std::optional<live::Forecast> forecast;  // of the processes; none where they were not looked at
  ForecastInWords words;                   // of it
  std::vector<live::SettingChange> settings;  // of the node's applications, secrets hidden
};

enum class Verdict {
  goes_through,        // everything was looked at, and nothing was found
  with_warnings,       // nothing stands against it, but somebody is hurt or at risk
  not_all_seen,        // nothing stands against it, but not everything could be looked at
  is_never_committed,  // it would be installed, and relup would not commit it
  is_refused,
};
Verdict verdict_of(const CheckResult& result);

// Of a request without a direction: of the script that there is. Waits where an upgrade would wait
// before it installs, which is at most some seconds.
CheckResult check_change(FileSystem& files, Clock& clock, const host::Host& host,
                         node::NodeChannel& channel, const ChangeRequest& request,
                         live::Depth depth = live::Depth::quick);

}  // namespace relup::change
