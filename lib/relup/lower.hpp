// SPDX-License-Identifier: Apache-2.0
#pragma once

// The middle stages of translation: instructions for whole applications become instructions for
// modules, and each dependency group becomes low-level steps.

#include <unordered_map>

#include "relup/dependency_groups.hpp"
#include "relup/translate.hpp"

namespace relup {

// Replaces add_application, remove_application, restart_application and add_module.
Script lower_applications(Script script, const Way& way, Problems& problems);

// Replaces add_module alone, which needs no release.
Script lower_add_modules(Script script);

// A library as load_object_code names it.
struct LibraryVersion {
  Atom name;
  Term version;
};

// The application that a module's object code is read from: the first one of the release that the
// script leads to, in start order, that lists it.
class ModuleIndex {
 public:
  explicit ModuleIndex(const release::ResolvedRelease& release);
  const LibraryVersion* find(Atom module) const;

 private:
  std::vector<LibraryVersion> libraries_;
  std::unordered_map<Atom, std::size_t> by_module_;
};

struct LoweredGroup {
  Script object_code;  // load_object_code, one per module
  Script steps;        // what runs after the point of no return
};

// `group` holds indices into `script`, in the order of dependency_groups.
LoweredGroup lower_group(const Script& script, const std::vector<std::size_t>& group,
                         appup::Direction direction, const ModuleIndex& modules,
                         Problems& problems);

}  // namespace relup
