// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which DepMods the entry of one application gets, and which dependencies between applications no
// DepMods can express. An entry serves every base release that has its version of the application,
// so it may name only modules that all of those releases upgrade.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/release_plan.hpp"

namespace relup::plan {

struct ModuleTies {
  DepMods up;
  DepMods down;
  // Why, in words: by the module that has the DepMods and the one that they name.
  std::map<std::pair<Atom, Atom>, std::string> because;
  Diagnostics exposed;  // notes (rule `exposed-call`): a call that may find nothing for a moment
};

// The ties of all entries, found together: one entry moves modules of another application.
class ReleaseTies {
 public:
  // The plans of all bases. They must outlive this.
  explicit ReleaseTies(const std::vector<const ReleasePlan*>& plans);

  // Of the entry of `application` for the version that it leads from.
  ModuleTies of(Atom application, const std::string& version) const;

 private:
  using EntryName = std::pair<Atom, std::string>;  // application and version
  using Pairs = std::set<std::pair<Atom, Atom>>;   // later and earlier
  struct PlannedBase {
    const ReleasePlan* plan;
    std::map<Atom, std::string> versions;  // of the applications that it leads from
    std::map<Atom, std::size_t> up;        // where modules stand, ties considered
    std::map<Atom, std::size_t> down;
  };

  static std::map<Atom, std::size_t>& places(PlannedBase& base, appup::Direction direction);
  void settle(appup::Direction direction);
  void place(PlannedBase& base, appup::Direction direction) const;
  bool tie(const PlannedBase& base, appup::Direction direction);
  bool can_tie(const EntryName& entry, const Dependency& dependency,
               appup::Direction direction) const;
  static Atom teller_of(const PlannedBase& base, const ModulePlace& later,
                        const ModulePlace& earlier, appup::Direction direction);
  void expose(const PlannedBase& base, Atom application, appup::Direction direction,
              Diagnostics& exposed) const;
  static EntryName entry_of(const PlannedBase& base, const Dependency& dependency);

  std::vector<PlannedBase> bases_;
  std::map<EntryName, Pairs> up_;
  std::map<EntryName, Pairs> down_;
};

}  // namespace relup::plan
