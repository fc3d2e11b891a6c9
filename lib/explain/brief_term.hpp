// SPDX-License-Identifier: Apache-2.0
#pragma once

// Terms inside sentences that people read: as print() has them, but a long binary, such as the code
// of a module that a relup carries, is told by its size.

#include <string>

#include "term/term.hpp"

namespace relup::explain {

std::string print_briefly(const Term& term);

}  // namespace relup::explain
