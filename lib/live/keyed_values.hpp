// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "term/term.hpp"

namespace relup::live {

// The pairs of a list [{Key, Value}] whose keys are atoms, as a node answers it. What has another
// form is left out.
std::vector<std::pair<Atom, Term>> keyed_values(const Term& list);

// Text that the agent writes, as a list or a binary; other terms as they are printed.
std::string text_of(const Term& term);

// A number that it has counted; 0 of anything else.
std::int64_t number_of(const Term& term);

}  // namespace relup::live
