// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why the script of an application is as it is: one decision for each instruction, and one for each
// module that gets none although it differs. Values that go with the instructions and change
// nothing about them.

#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "appup/instruction.hpp"
#include "diff/module_change.hpp"
#include "plan/module_ties.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

struct Decision {
  appup::Direction direction = appup::Direction::up;
  Atom subject;  // the module, or the application where all of it is meant
  std::optional<appup::Action> instruction;  // none: nothing is done
  std::vector<std::string> because;          // in words, the most important first
};

using Decisions = std::vector<Decision>;

// Why a module that both releases have is switched by the instruction of `decision`. With
// `while_loading` it is suspended only because it and others need each other while they switch.
enum class Suspension { none, while_loading };
std::vector<std::string> reasons_to_switch(const diff::ModuleChange& module,
                                           const Decision& decision, const policy::ModuleWish& wish,
                                           Suspension suspension);

// Which wishes about a purge were followed; empty where it is soft anyway.
std::vector<std::string> reasons_to_purge(const policy::ModuleWish& wish);

// Why `module` is tied to its DepMods.
std::vector<std::string> reasons_to_wait(const ModuleTies& ties, appup::Direction direction,
                                         Atom module);

}  // namespace relup::plan
