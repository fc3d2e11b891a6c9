// SPDX-License-Identifier: Apache-2.0
#pragma once

// Erlang expressions that are no literals. OTP reads a term as an expression first, so it tells
// "syntax error before: X" from "bad term", and on which line; these texts try every production of
// its grammar.

#include <string>

#include "differential/random.hpp"

namespace relup::differential {

// A well-formed expression, nested at most `depth` deep.
std::string any_expression(Random& random, int depth);

}  // namespace relup::differential
