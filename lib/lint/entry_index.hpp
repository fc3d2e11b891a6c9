// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which modules the entries of an upgrade speak of. It is asked for every module of every
// application, so it does not look through the entries each time.

#include <unordered_set>

#include "lint/parsed_appup.hpp"

namespace relup::lint {

class EntryIndex {
 public:
  void add(const ParsedEntry& entry);

  // Whether an instruction of that direction is about the module.
  bool names(appup::Direction direction, Atom module) const;
  // Whether one has the module among its DepMods.
  bool is_depended_on(appup::Direction direction, Atom module) const;
  // Whether one is about the module and of a kind that others may have in their DepMods.
  bool can_be_depended_on(appup::Direction direction, Atom module) const;
  // Whether any entry, of either direction, restarts an application or the emulator.
  bool restarts() const { return restarts_; }

 private:
  struct Modules {
    std::unordered_set<Atom> named;
    std::unordered_set<Atom> dep_mods;
    std::unordered_set<Atom> with_dep_mods;
  };

  Modules& of(appup::Direction direction);
  const Modules& of(appup::Direction direction) const;

  Modules up_;
  Modules down_;
  bool restarts_ = false;
};

}  // namespace relup::lint
