// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appups that somebody wrote into a folder of their own, by the names that people and their tools
// give them: NAME-VSN.appup, NAME.appup, templates such as NAME.appup.src, and Distillery's
// NAME/OLD_to_NEW.appup, of which there is one for each old version.

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "generate/generate_upgrade.hpp"

namespace relup::generate {

// The appup of an application in the folder, as the build would make it: with its version in place
// of a placeholder. `old_versions` are those of the application to come from. None where there is
// none.
std::optional<EditedAppup> find_written_appup(FileSystem& files, const std::string& directory,
                                              const release::TreeApplication& application,
                                              const std::vector<std::string>& old_versions);

}  // namespace relup::generate
