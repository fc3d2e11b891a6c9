// SPDX-License-Identifier: Apache-2.0
#pragma once

// Named things that came, went or changed, such as the parameters of an application. Only their
// names are told: values may be secrets.

#include <map>
#include <string>
#include <vector>

namespace relup::diff {

struct NameChanges {
  std::vector<std::string> added;  // sorted, as all of them
  std::vector<std::string> removed;
  std::vector<std::string> changed;

  bool any() const { return !added.empty() || !removed.empty() || !changed.empty(); }
};

// By name what each thing stands for.
using NamedValues = std::map<std::string, std::string>;

NameChanges compare_names(const NamedValues& old_values, const NamedValues& new_values);

}  // namespace relup::diff
