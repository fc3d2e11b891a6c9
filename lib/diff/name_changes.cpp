// SPDX-License-Identifier: Apache-2.0
#include "diff/name_changes.hpp"

#include "base/map_difference.hpp"

namespace relup::diff {

NameChanges compare_names(const NamedValues& old_values, const NamedValues& new_values) {
  NameChanges changes;
  for_each_difference(old_values, new_values,
                      [&](const std::string& name, const auto* was, const auto* is) {
                        auto& names = was == nullptr  ? changes.added
                                      : is == nullptr ? changes.removed
                                                      : changes.changed;
                        names.push_back(name);
                      });
  return changes;
}

}  // namespace relup::diff
