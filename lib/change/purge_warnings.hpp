// SPDX-License-Identifier: Apache-2.0
#pragma once

// Purges in the middle of a script, as a restart of an application and delete_module have them.
// relup's own engine kills nobody by them; OTP's kills whoever is in the code at that moment, also
// processes of other applications.

#include <string>
#include <vector>

#include "change/change.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

std::vector<std::string> purge_warnings(const host::ScriptSummary& script, Engine engine);

}  // namespace relup::change
