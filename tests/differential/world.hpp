// SPDX-License-Identifier: Apache-2.0
#pragma once

// The releases of one pair before they are written: applications in several versions, a top release
// and its bases. A random world is right: every application is there, dependencies form no circle,
// names are claimed once. What shall be wrong is broken afterwards.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "differential/random.hpp"

namespace relup::differential {

using Names = std::vector<std::string>;

struct AppVersion {
  std::string name;
  std::string version;
  Names modules;
  Names registered;
  Names uses;
  Names optional;
  Names includes;
};

struct RelApp {
  std::string name;
  std::string version;
  std::string type;               // empty: not written, permanent
  std::optional<Names> includes;  // not written when absent
};

struct ReleaseFile {
  std::string path;  // of the .rel file, without the extension
  std::string name;
  std::string version;
  std::string erts;
  std::vector<RelApp> apps;

  const RelApp* find(const std::string& app) const;
};

struct World {
  std::map<std::pair<std::string, std::string>, AppVersion> apps;  // by name and version
  ReleaseFile top;
  std::vector<ReleaseFile> bases;

  const AppVersion& app(const std::string& name, const std::string& version) const {
    return apps.at({name, version});
  }
};

World random_world(Random& random);

// Breaks one rule of a release; some worlds do not have what it takes to break the rule drawn.
void break_release(World& world, Random& random);

}  // namespace relup::differential
