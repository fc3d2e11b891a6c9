// SPDX-License-Identifier: Apache-2.0
#pragma once

// The applications that a release takes from the system's OTP, since it brings no emulator
// (include_erts: false). Their files are not in the release, but its boot script
// (releases/VSN/start.boot, script(4)) holds what their .app files say.

#include <map>
#include <optional>

#include "release/app_file.hpp"
#include "release/release_files.hpp"

namespace relup::release {

// Whether the root has that emulator; else it runs on the system's.
bool brings_emulator(const ReleaseFiles& files, const std::string& erts_version);

// All applications that the boot script of `version` loads, by name; none when there is no such
// script. Error (bad_input) when it is damaged.
std::map<Atom, AppFile> applications_of_boot_script(const ReleaseFiles& files,
                                                    const std::string& version);

}  // namespace relup::release
