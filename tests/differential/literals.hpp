// SPDX-License-Identifier: Apache-2.0
#pragma once

// Source text of random literals, in every notation that Erlang has for them, and of random terms
// made of them. Some are on the edge of the grammar and some beyond it: which is for OTP to say.

#include <string>

#include "differential/form.hpp"

namespace relup::differential {

std::string quoted(const std::string& utf8, char quote);

// The same text as a literal, in one of the many notations: escapes, adjacent strings, a list of
// integers or characters.
std::string string_notation(const std::string& utf8, Random& random);
std::string atom_notation(const std::string& name, Random& random);
// A binary of these bytes.
std::string binary_notation(const std::string& bytes, Random& random);

std::string any_number(Random& random);
std::string any_bit_string(Random& random);

// A random term, nested at most `depth` deep.
Form any_term(Random& random, int depth);

}  // namespace relup::differential
