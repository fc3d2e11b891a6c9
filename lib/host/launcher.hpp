// SPDX-License-Identifier: Apache-2.0
#pragma once

// bin/NAME, the script that starts a release. The script that Mix writes reads the version to start
// from releases/start_erl.data. The script that relx writes names the version in its own text. relx
// also leaves one script for each version, bin/NAME-VSN, and bin/NAME is a copy of one of them. So
// after a commit bin/NAME has to be made a copy of another one.

#include <optional>
#include <string>

#include "host/host.hpp"

namespace relup::host {

// The script of one version, relative to the root.
std::string launcher_of(const std::string& name, const std::string& version);

// The version that the text of bin/NAME names; none where it names none.
std::optional<std::string> launched_version(FileSystem& files, const Host& host);

// Error (bad_input) when bin/NAME could not be made to start `version`.
void check_launcher(FileSystem& files, const Host& host, const std::string& version);
// Makes bin/NAME start `version`, where it names another one.
void switch_launcher(FileSystem& files, const Host& host, const std::string& version);

}  // namespace relup::host
