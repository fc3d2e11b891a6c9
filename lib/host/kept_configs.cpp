// SPDX-License-Identifier: Apache-2.0
#include "host/kept_configs.hpp"

namespace relup::host {
namespace {

std::string config(const Host& host, const std::string& version) {
  return join_path(host.release_directory(version), "sys.config");
}

// As the agent calls it.
std::string kept_config(const Host& host, const std::string& version) {
  return config(host, version) + ".relup-original";
}

}  // namespace

std::vector<std::string> unfinished_configs(FileSystem& files, const Host& host) {
  std::vector<std::string> versions;
  for (const DirectoryEntry& entry : files.list(host.path("releases"))) {
    if (files.is_file(kept_config(host, entry.name))) versions.push_back(entry.name);
  }
  return versions;
}

void restore_configs(FileSystem& files, const Host& host) {
  for (const std::string& version : unfinished_configs(files, host))
    files.rename(kept_config(host, version), config(host, version));
}

}  // namespace relup::host
