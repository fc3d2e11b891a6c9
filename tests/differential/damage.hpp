// SPDX-License-Identifier: Apache-2.0
#pragma once

// Damage to source text, and what may stand before it: comments that name an encoding or seem
// to.

#include <string>

#include "differential/random.hpp"

namespace relup::differential {

// One change to `text`: a token dropped, doubled, replaced or put in, the end cut off, a byte
// changed, something after the full stop.
std::string damaged(const std::string& text, Random& random);

// What may stand before the term of a file: coding comments, other comments, empty lines.
std::string any_file_header(Random& random);
// The same of the kind that changes how the file is read, or breaks it.
std::string any_odd_file_header(Random& random);

}  // namespace relup::differential
