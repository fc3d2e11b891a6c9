// SPDX-License-Identifier: Apache-2.0
#pragma once

// The script by which a release boots, releases/VSN/start.boot: `{script, {Name, Vsn},
// Instructions}` in the external term format (script(4)).

#include "release/release_files.hpp"
#include "term/term.hpp"

namespace relup::release {

// "releases/1.2/start.boot"
std::string boot_script_path(const std::string& version);

// The file must be there. Error (bad_input) when it is damaged.
Term read_boot_script(const ReleaseFiles& files, const std::string& version);

}  // namespace relup::release
