// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the instructions of many appups to one low-level script: `systools_rc:translate_scripts/4`.
// The scripts are merged, checked as one, lowered, and put in order. All faults of a stage are
// reported together, and the first one is the one that OTP reports.

#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "relup/dependency_groups.hpp"
#include "relup/script.hpp"
#include "relup/way.hpp"

namespace relup {

// A list of instructions as an appup holds it, or as the difference of two releases implies it.
struct AppupScript {
  Term instructions;
  Source source;  // null when nobody wrote it
};

// None when `problems` grew; a reason there stands in {error, systools_rc, Reason}.
std::optional<Script> translate_scripts(const Way& way, const std::vector<AppupScript>& scripts,
                                        Problems& problems, const TieBreak& tie_break = {});

// The syntax checks alone, for scripts that cannot be translated since others are missing.
void check_script_syntax(const std::vector<AppupScript>& scripts, Problems& problems);

// All that can be told of one script without the releases that it leads between. What another
// application may bring is not missed: the modules that DepMods name.
void check_single_script(const AppupScript& script, Problems& problems);

}  // namespace relup
