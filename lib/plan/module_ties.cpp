// SPDX-License-Identifier: Apache-2.0
//
// What is added comes before everything in its script, what is removed leaves after
// everything, and scripts run one after the other: a tie is needed only where those places are the
// wrong ones, or the same. Where they are right a tie would only make the pause longer. But a tie
// moves modules: the compiler puts a group where the first of its modules stands, also across
// applications, so that what was after another module may be before it. Hence ties are added
// until every place is right, where the place of a module is the first one of its group. A tie that
// one release needs is there for all that share the entry, so all are looked at together.

#include "plan/module_ties.hpp"

#include <algorithm>

namespace relup::plan {
namespace {

bool is_tied_in(const ReleasePlan& plan, Atom module, appup::Direction direction) {
  const auto place = plan.modules.find(module);
  return place != plan.modules.end() && can_be_tied(place->second, direction);
}

// Whether `later` is switched after `earlier` on the way up, and before it on the way down.
bool stands_right(std::size_t later, std::size_t earlier, appup::Direction direction) {
  return direction == appup::Direction::up ? earlier < later : later < earlier;
}

Diagnostic exposed_call(const Dependency& dependency, appup::Direction direction) {
  const bool up = direction == appup::Direction::up;
  Diagnostic note;
  note.rule = "exposed-call";
  note.severity = Severity::note;
  note.message = std::string(up ? "on the way up " : "on the way down ") + dependency.later.name() +
                 " switches " + (up ? "before " : "after ") + dependency.earlier.name() +
                 ", although " + dependency.because;
  return note;
}

}  // namespace

ReleaseTies::ReleaseTies(const std::vector<const ReleasePlan*>& plans) {
  for (const ReleasePlan* plan : plans) {
    PlannedBase base{plan, {}, {}, {}};
    for (const diff::ApplicationChange& application : plan->diff->applications)
      base.versions.emplace(application.name, application.old_version);
    bases_.push_back(std::move(base));
  }
  settle(appup::Direction::up);
  settle(appup::Direction::down);
}

std::map<Atom, std::size_t>& ReleaseTies::places(PlannedBase& base, appup::Direction direction) {
  return direction == appup::Direction::up ? base.up : base.down;
}

// Only ties are added, so it ends.
void ReleaseTies::settle(appup::Direction direction) {
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    for (PlannedBase& base : bases_) {
      place(base, direction);
      if (tie(base, direction)) is_changed = true;
    }
  }
}

// Everybody in a group has the first place in it.
void ReleaseTies::place(PlannedBase& base, appup::Direction direction) const {
  std::map<Atom, std::size_t>& places = ReleaseTies::places(base, direction);
  for (const auto& [module, place] : base.plan->modules)
    places[module] = position_of(place, direction);
  const auto& ties = direction == appup::Direction::up ? up_ : down_;
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    for (const auto& version : base.versions) {
      const auto entry = ties.find(version);
      if (entry == ties.end()) continue;
      for (const auto& [later, earlier] : entry->second) {
        std::size_t& one = places.at(later);
        std::size_t& other = places.at(earlier);
        is_changed = is_changed || one != other;
        one = other = std::min(one, other);
      }
    }
  }
}

// Ties what can be tied and does not stand right; true when that was something.
bool ReleaseTies::tie(const PlannedBase& base, appup::Direction direction) {
  auto& ties = direction == appup::Direction::up ? up_ : down_;
  const auto& places = direction == appup::Direction::up ? base.up : base.down;
  bool is_changed = false;
  for (const Dependency& dependency : base.plan->dependencies) {
    const std::size_t later = places.at(dependency.later);
    if (stands_right(later, places.at(dependency.earlier), direction)) continue;
    const EntryName entry = entry_of(base, dependency);
    if (!can_tie(entry, dependency, direction)) continue;
    if (ties[entry].emplace(dependency.later, dependency.earlier).second) is_changed = true;
  }
  return is_changed;
}

ReleaseTies::EntryName ReleaseTies::entry_of(const PlannedBase& base,
                                             const Dependency& dependency) {
  const Atom application = base.plan->modules.at(dependency.later).application;
  return {application, base.versions.at(application)};
}

bool ReleaseTies::can_tie(const EntryName& entry, const Dependency& dependency,
                          appup::Direction direction) const {
  return std::all_of(bases_.begin(), bases_.end(), [&](const PlannedBase& base) {
    const auto version = base.versions.find(entry.first);
    if (version == base.versions.end() || version->second != entry.second) return true;
    return is_tied_in(*base.plan, dependency.later, direction) &&
           is_tied_in(*base.plan, dependency.earlier, direction);
  });
}

ModuleTies ReleaseTies::of(Atom application, const std::string& version) const {
  const EntryName entry(application, version);
  const auto dep_mods_in = [&entry](const std::map<EntryName, Pairs>& ties) {
    DepMods dep_mods;
    const auto found = ties.find(entry);
    if (found == ties.end()) return dep_mods;
    for (const auto& [later, earlier] : found->second)
      dep_mods[later].push_back(earlier);
    return dep_mods;
  };
  ModuleTies made{dep_mods_in(up_), dep_mods_in(down_), {}, {}};
  for (const PlannedBase& base : bases_) {
    const auto found = base.versions.find(application);
    if (found == base.versions.end() || found->second != version) continue;
    for (const Dependency& dependency : base.plan->dependencies)
      made.because.try_emplace({dependency.later, dependency.earlier}, dependency.because);
    expose(base, application, appup::Direction::up, made.exposed);
    expose(base, application, appup::Direction::down, made.exposed);
  }
  return made;
}

// Whose entry tells of a call between the two. Where both come, or go, with a whole application,
// that has none: then it is the one between whose script and that of the application the other
// moves.
Atom ReleaseTies::teller_of(const PlannedBase& base, const ModulePlace& later,
                            const ModulePlace& earlier, appup::Direction direction) {
  const diff::ApplicationChange* change = base.plan->diff->find(later.application);
  const bool has_entry = change == nullptr || change->is_in_both();
  const bool is_together = position_of(later, direction) == position_of(earlier, direction);
  return !has_entry && is_together ? earlier.application : later.application;
}

void ReleaseTies::expose(const PlannedBase& base, Atom application, appup::Direction direction,
                         Diagnostics& exposed) const {
  const bool up = direction == appup::Direction::up;
  const auto& ties = up ? up_ : down_;
  const auto& places = up ? base.up : base.down;
  for (const Dependency& dependency : base.plan->dependencies) {
    const ModulePlace& later = base.plan->modules.at(dependency.later);
    const ModulePlace& earlier = base.plan->modules.at(dependency.earlier);
    const bool is_right =
        stands_right(places.at(dependency.later), places.at(dependency.earlier), direction);
    if (!(teller_of(base, later, earlier, direction) == application) || is_right) continue;
    const auto entry = ties.find(entry_of(base, dependency));
    const bool is_tied =
        entry != ties.end() && entry->second.contains({dependency.later, dependency.earlier});
    const std::size_t first_place = position_of(later, direction);
    const std::size_t second_place = position_of(earlier, direction);
    // Of two that change in one script the policy leaves one alone, or they would be tied.
    const bool is_wish = first_place == second_place && is_among_changed(later, direction);
    if (is_tied || is_wish) continue;
    const std::string first = (up ? later : earlier).application.name();
    const std::string second = (up ? earlier : later).application.name();
    Diagnostic note = exposed_call(dependency, direction);
    if (stands_right(first_place, second_place, direction)) {
      note.notes.push_back("other calls tie one of them to an earlier script");
    } else if (first == second) {
      note.notes.push_back("one of them comes or goes with a whole application");
    } else {
      note.notes.push_back("the script of " + first + " runs before that of " + second);
    }
    note.notes.back() += ": a call in between fails";
    exposed.push_back(std::move(note));
  }
}

}  // namespace relup::plan
