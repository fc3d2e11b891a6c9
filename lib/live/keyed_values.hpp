// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "term/term.hpp"

namespace relup::live {

// The pairs of a list [{Key, Value}] whose keys are atoms, as a node answers it. What has another
// form is left out.
std::vector<std::pair<Atom, Term>> keyed_values(const Term& list);

}  // namespace relup::live
