// SPDX-License-Identifier: Apache-2.0
#pragma once

// The configuration of a host: what the files of the machine and of a release root say together in
// their `host`. A file says which commands run and whose releases are trusted, so it must be one
// that nobody else could have written: of the user that asks, or of root, and writable for nobody
// besides. A file that is not is an Error (usage), and so is one that was named and is not there.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/file_system.hpp"
#include "policy/host_wishes.hpp"

namespace relup::policy {

// Of the machine.
constexpr const char* machine_file = "/etc/relup/relup.yaml";
// Of a release, in its root.
constexpr const char* file_in_root = "relup.yaml";

struct ConfigurationFile {
  enum class Presence { optional, required };
  std::string path;
  Presence presence = Presence::optional;
};

struct HostConfiguration {
  HostSettings settings;           // worth something only without diagnostics
  std::vector<std::string> files;  // that were there and were read
  Diagnostics diagnostics;         // errors, file by file
};

// `sources` with the stronger first; `user` is the number of the user who asks.
HostConfiguration read_host_configuration(FileSystem& files,
                                          const std::vector<ConfigurationFile>& sources,
                                          std::uint32_t user);

}  // namespace relup::policy
