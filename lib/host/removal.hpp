// SPDX-License-Identifier: Apache-2.0
#pragma once

// What of a root belongs to one release only, and goes with it: never anything outside of the root,
// whatever RELEASES says, and nothing that another release lists, be that in RELEASES or in a .rel
// file.

#include <optional>
#include <string>
#include <vector>

#include "host/boot_state.hpp"

namespace relup::host {

struct Removal {
  std::vector<std::string> libraries;   // "lib/shop-1.0", those that are there
  std::optional<std::string> emulator;  // "erts-13.1.5"
  std::string launcher;                 // "bin/shop-1.0", which need not be there
  std::string release;                  // "releases/1.0"

  // The release and its libraries.
  std::vector<std::string> folders() const;
};

// For `version`, where `releases` are those that RELEASES lists.
Removal removal_of(FileSystem& files, const BootState& state,
                   const std::vector<release::InstalledRelease>& releases,
                   const std::string& version);

}  // namespace relup::host
