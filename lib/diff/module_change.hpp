// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which modules of a folder of .beam files came, went or changed, and why we say so. A module has
// changed when its code has (beam/code_identity.hpp); one that was compiled anew into the same
// code, or from the same source by another compiler (same_source.hpp), is `rebuilt`.

#include <optional>
#include <string>
#include <vector>

#include "diff/live_data.hpp"
#include "facts/children.hpp"
#include "facts/module_facts.hpp"
#include "facts/state_shape.hpp"
#include "release/release_files.hpp"

namespace relup::diff {

enum class ModuleStatus { added, removed, changed, rebuilt, moved };

std::string_view to_string(ModuleStatus status);

struct ModuleChange {
  Atom name;
  ModuleStatus status = ModuleStatus::changed;
  std::vector<std::string> code_reasons = {};  // why its code is another one, in words
  // Whether the node must load it: it is in both releases, and not as the same code.
  bool changes_code = false;
  // Whether only its attributes differ: the functions and literals are those that it had.
  bool only_attributes = false;
  // None of an added module, nor of one that moved byte for byte.
  std::optional<facts::ModuleFacts> old_facts = std::nullopt;
  std::optional<facts::ModuleFacts> new_facts =
      std::nullopt;  // none of a removed module, nor where one moved away
  // Where the state that its processes hold has another shape than before.
  std::optional<facts::StateChange> state_change = std::nullopt;
  // Where the struct that it defines has other fields than before.
  std::optional<facts::StateChange> structure_change = std::nullopt;
  // Of one that moved: the application at the other end of the move.
  std::optional<Atom> moved_between = std::nullopt;
  // Where the children that it lists are others than before.
  std::optional<facts::ChildrenChange> children_change = std::nullopt;
  // Of a supervisor without debug information, or one that is too large: whether its list may be
  // another one, and cannot be read.
  bool may_list_other_children = false;
  // Whether either version is too large for us to read what its processes keep, list and do: then
  // what is said of that may not be all.
  bool is_too_large = false;
  // Of a supervisor, in its new version (init_effects.hpp), with those of functions of other
  // modules that init/1 calls (called_effects.hpp).
  std::vector<std::string> init_effects = {};

  // Of a process: whether the shapes of its state could not be compared, for want of debug
  // information.
  bool is_state_unread = false;
  // What its processes and others hold that the other version does not expect.
  std::vector<LiveDataChange> live_data = {};
  // Whether its code_change was written for an earlier step: the same in both releases, while the
  // state has kept its shape.
  bool has_leftover_code_change = false;

  // Whether both releases have it, in two files with the same code.
  bool is_compiled_anew() const { return old_facts && new_facts && !changes_code; }
};

// The .beam files of a directory; a folder that is not there has no modules.
struct ModuleFolder {
  std::shared_ptr<const release::ReleaseFiles> files;
  std::string directory;           // relative to the root
  std::vector<Atom> modules = {};  // sorted
};

// The two versions of a folder.
struct FolderPair {
  ModuleFolder old_folder;
  ModuleFolder new_folder;
};

// For each pair its changes, sorted by name; modules without any difference are not listed. Several
// threads read the files. A damaged module is an Error (bad_input).
std::vector<std::vector<ModuleChange>> compare_folders(const std::vector<FolderPair>& pairs);

// How one module differs between two folders that both have it; none when it does not.
std::optional<ModuleChange> compare_module(const FolderPair& pair, Atom module);

}  // namespace relup::diff
