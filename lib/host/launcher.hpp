// SPDX-License-Identifier: Apache-2.0
#pragma once

// The script that starts a release, bin/NAME. That of Mix asks releases/start_erl.data which
// version it is to start. That of relx has the version written into it, and has copies for each
// version beside it, bin/NAME-VSN: there, the host boots what bin/NAME is a copy of.

#include <optional>
#include <string>

#include "host/host.hpp"

namespace relup::host {

// The launcher of one version, relative to the root.
std::string launcher_of(const std::string& name, const std::string& version);

// The version that is written into bin/NAME; none where there is none.
std::optional<std::string> launched_version(FileSystem& files, const Host& host);

// Error (bad_input) when bin/NAME could not be made to start `version`.
void check_launcher(FileSystem& files, const Host& host, const std::string& version);
// Makes it, where it has another version written into it.
void switch_launcher(FileSystem& files, const Host& host, const std::string& version);

}  // namespace relup::host
