// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which modules of a folder of .beam files came, went or changed, and why we say so. A module has
// changed when its code identity has (beam/code_identity.hpp); one that was compiled anew into the
// same code is `rebuilt`.

#include <optional>
#include <string>
#include <vector>

#include "diff/module_facts.hpp"
#include "diff/state_shape.hpp"
#include "release/release_files.hpp"

namespace relup::diff {

enum class ModuleStatus { added, removed, changed, rebuilt, moved };

std::string_view to_string(ModuleStatus status);

struct ModuleChange {
  Atom name;
  ModuleStatus status = ModuleStatus::changed;
  std::vector<std::string> reasons;      // why, in words
  std::optional<ModuleFacts> old_facts;  // none of an added module
  std::optional<ModuleFacts> new_facts;  // none of a removed module
  // Where the state that its processes hold has another shape than before.
  std::optional<StateChange> state_change = std::nullopt;
};

// The .beam files of a directory; a folder that is not there has no modules.
struct ModuleFolder {
  const release::ReleaseFiles* files = nullptr;
  std::string directory;           // relative to the root
  std::vector<Atom> modules = {};  // sorted
};

// Sorted by name; modules without any difference are not listed. A damaged module is an Error
// (bad_input).
std::vector<ModuleChange> compare_folders(const ModuleFolder& before, const ModuleFolder& after);

}  // namespace relup::diff
