// SPDX-License-Identifier: Apache-2.0
#include "host/kept_files.hpp"

namespace relup::host {
namespace {

// As the agent calls it.
std::string kept(const std::string& file) {
  return file + ".relup-original";
}

}  // namespace

std::vector<std::string> unfinished_files(FileSystem& files, const Host& host) {
  std::vector<std::string> found;
  for (const DirectoryEntry& entry : files.list(host.path("releases"))) {
    for (const char* name : {"sys.config", "relup"}) {
      const std::string file = "releases/" + entry.name + "/" + name;
      if (files.is_file(host.path(kept(file)))) found.push_back(file);
    }
  }
  return found;
}

void restore_files(FileSystem& files, const Host& host) {
  for (const std::string& each : unfinished_files(files, host)) {
    const std::string file = host.path(each);
    if (files.read(kept(file)).empty()) {
      files.remove_all(file);
      files.remove_all(kept(file));
    } else {
      files.rename(kept(file), file);
    }
  }
}

}  // namespace relup::host
