// SPDX-License-Identifier: Apache-2.0
#include "generate/release_wishes.hpp"

#include <algorithm>

#include "plan/insertions.hpp"

namespace relup::generate {
namespace {

using Place = policy::Insertion::Place;

Script::iterator point_of_no_return(Script& script) {
  return std::find_if(script.begin(), script.end(), [](const appup::Instruction& step) {
    return std::holds_alternative<appup::PointOfNoReturn>(step.action);
  });
}

}  // namespace

void add_release_wishes(const Way& way, const policy::Policy& policy, Script& script,
                        Diagnostics& faults) {
  std::ptrdiff_t firsts = 0;  // instructions that stand first already
  for (const policy::Insertion& insertion : policy.insertions()) {
    const auto actions = plan::read_insertion(insertion, way.direction, way.from.rel.version,
                                              way.to.rel.version, faults);
    const auto point = point_of_no_return(script);
    auto place = script.end();
    if (insertion.place == Place::check) place = point;
    if (insertion.place == Place::first && point != script.end()) {
      place = point + 1 + firsts;
      firsts += static_cast<std::ptrdiff_t>(actions.size());
    }
    for (const appup::Action& action : actions) {
      place = script.insert(place, {action, insertion.source, insertion.span});
      ++place;
    }
  }
}

}  // namespace relup::generate
