// SPDX-License-Identifier: Apache-2.0
//
// Inside one application only pairs of changed modules need a tie: what is added comes in front of
// everything and what is removed leaves behind everything, by its place in the script. Between two
// applications the place is given, so a tie is needed wherever the order of the scripts is the
// wrong one; where it is the right one a tie would only make the pause longer.

#include "appup/module_ties.hpp"

#include <algorithm>

namespace relup::appup {
namespace {

bool is_tied_in(const ReleasePlan& plan, Atom module, Direction direction) {
  const auto place = plan.modules.find(module);
  return place != plan.modules.end() && can_be_tied(place->second, direction);
}

class Ties {
 public:
  Ties(Atom application, const std::vector<const ReleasePlan*>& bases)
      : application_(application), bases_(bases) {}

  ModuleTies find() {
    for (const ReleasePlan* base : bases_) {
      for (const Dependency& dependency : base->dependencies) {
        add(*base, dependency, Direction::up, ties_.up);
        add(*base, dependency, Direction::down, ties_.down);
      }
    }
    for (DepMods* dep_mods : {&ties_.up, &ties_.down}) {
      for (auto& entry : *dep_mods) {
        std::vector<Atom>& names = entry.second;
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
      }
    }
    return std::move(ties_);
  }

 private:
  void add(const ReleasePlan& base, const Dependency& dependency, Direction direction,
           DepMods& dep_mods) {
    const ModulePlace& later = base.modules.at(dependency.later);
    const ModulePlace& earlier = base.modules.at(dependency.earlier);
    if (!(later.application == application_)) return;
    const bool is_inside = earlier.application == application_;
    const bool both_change = later.tying == Tying::both_ways && earlier.tying == Tying::both_ways;
    if (is_inside ? !both_change : stands_right(later, earlier, direction)) return;
    if (is_tied_everywhere(dependency, direction)) {
      dep_mods[dependency.later].push_back(dependency.earlier);
      ties_.because.try_emplace({dependency.later, dependency.earlier}, dependency.because);
    } else if (!is_inside) {
      ties_.exposed.push_back(exposed(later, earlier, dependency, direction));
    }
  }

  // Whether the order of the scripts alone is enough.
  static bool stands_right(const ModulePlace& later, const ModulePlace& earlier,
                           Direction direction) {
    return direction == Direction::up ? earlier.position < later.position
                                      : later.position < earlier.position;
  }

  bool is_tied_everywhere(const Dependency& dependency, Direction direction) const {
    return std::all_of(bases_.begin(), bases_.end(), [&](const ReleasePlan* base) {
      return is_tied_in(*base, dependency.later, direction) &&
             is_tied_in(*base, dependency.earlier, direction);
    });
  }

  static Diagnostic exposed(const ModulePlace& later, const ModulePlace& earlier,
                            const Dependency& dependency, Direction direction) {
    const bool up = direction == Direction::up;
    Diagnostic note;
    note.rule = "exposed-call";
    note.severity = Severity::note;
    note.message = std::string(up ? "on the way up " : "on the way down ") +
                   dependency.later.name() + " switches " + (up ? "before " : "after ") +
                   dependency.earlier.name() + ", although " + dependency.because;
    const std::string first = (up ? later : earlier).application.name();
    const std::string second = (up ? earlier : later).application.name();
    note.notes.push_back("the script of " + first + " runs before that of " + second +
                         ": a call in between fails");
    return note;
  }

  Atom application_;
  const std::vector<const ReleasePlan*>& bases_;
  ModuleTies ties_;
};

}  // namespace

ModuleTies tie_modules(Atom application, const std::vector<const ReleasePlan*>& bases) {
  return Ties(application, bases).find();
}

}  // namespace relup::appup
