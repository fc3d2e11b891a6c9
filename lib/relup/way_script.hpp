// SPDX-License-Identifier: Apache-2.0
#pragma once

// The script of one way: the scripts of all applications, collected from the appups of the top
// release (appup_scripts.hpp) and translated into one (translate.hpp).

#include <optional>
#include <vector>

#include "relup/appup_scripts.hpp"
#include "relup/translate.hpp"

namespace relup {

struct WayScriptOptions {
  AddedRestart added_restart = AddedRestart::none;
  TieBreak tie_break = {};
};

struct WayScript {
  std::optional<Script> script;      // none where there are problems
  std::vector<AppupScript> sources;  // what was collected, also where something is missing
  Problems collecting;               // their reasons stand in {error, systools_relup, Reason}
  Problems translating;              // theirs in {error, systools_rc, Reason}
  Problems warnings;                 // in the order in which OTP finds them
};

WayScript make_script(const Way& way, AppupSource& appups, const WayScriptOptions& options = {});

}  // namespace relup
