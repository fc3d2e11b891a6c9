// SPDX-License-Identifier: Apache-2.0
#pragma once

// The borders of rules, as a table: instructions for the releases of a fixture, and what is found.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"

namespace relup::lint {

struct Border {
  const char* name;
  const char* up;  // instructions, without the brackets of the list
  const char* down;
  std::vector<std::string> findings;  // "RU202 warning: shop_price did not change"
};

// What the rules whose codes begin with `group` say of `border`, in order.
std::vector<std::string> findings_of(const std::string& fixture, const std::string& group,
                                     const Border& border);

// The file after the first fix of that group.
std::string fixed_appup(const std::string& fixture, const std::string& group, const Border& border);

std::string appup_of(const Border& border);

}  // namespace relup::lint
