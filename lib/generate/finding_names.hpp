// SPDX-License-Identifier: Apache-2.0
#pragma once

// The findings that generate has of its own, by name: those of no rule of the linter. For who asks
// what one means, and for the names in relup.yaml.

#include <span>
#include <string_view>

namespace relup::generate {

struct FindingName {
  std::string_view name;
  std::string_view meaning;  // a paragraph
};

std::span<const FindingName> finding_names();

// Null where generate has no finding of that name.
const FindingName* find_finding(std::string_view name);

}  // namespace relup::generate
