// SPDX-License-Identifier: Apache-2.0
#pragma once

// Erlang expressions that are no literals, and damage to source text. OTP reads a term as an
// expression first, so it tells "syntax error before: X" from "bad term", and on which line; these
// texts try every production of its grammar.

#include <string>

#include "differential/random.hpp"

namespace relup::differential {

// A well-formed expression, nested at most `depth` deep.
std::string any_expression(Random& random, int depth);

// One change to `text`: a token dropped, doubled, replaced or put in, the end cut off, a byte
// changed, something behind the full stop.
std::string damaged(const std::string& text, Random& random);

// What may stand in front of the term of a file: coding comments, other comments, empty lines.
std::string any_file_header(Random& random);
// The same of the kind that changes how the file is read, or breaks it.
std::string any_odd_file_header(Random& random);

}  // namespace relup::differential
