// SPDX-License-Identifier: Apache-2.0
#pragma once

// An Erlang term as it will be written: a tree whose leaves are source text. The generator never
// needs to know the value of a leaf, so a leaf may as well be something that is no term. Forms are
// mutated before they are written, and written in many layouts.

#include <string>
#include <vector>

#include "differential/random.hpp"

namespace relup::differential {

struct Form {
  enum class Kind { leaf, tuple, list, map };  // the parts of a map are key, value, key, value
  Kind kind = Kind::leaf;
  std::string text;  // of a leaf
  std::vector<Form> parts;
  bool has_tail = false;  // of a list: the last part stands after `|`
};

Form leaf(std::string text);
Form atom(const std::string& name);    // quoted where it needs it
Form string(const std::string& utf8);  // "..." with escapes where they are needed
Form integer(long long value);
Form tuple(std::vector<Form> parts);
Form list(std::vector<Form> parts);
Form atoms(const std::vector<std::string>& names);

// Replaces, drops, doubles or swaps a part somewhere inside of `form`.
void mutate(Form& form, Random& random);

// Puts a leaf in the place of a part somewhere inside of `form`.
void replace_part(Form& form, const std::string& text, Random& random);

// How a file is laid out.
struct Layout {
  bool spread = false;      // line breaks and indentation
  bool comments = false;    // comments between tokens
  bool odd_blanks = false;  // tabs, form feeds, no-break spaces, carriage returns
};
Layout random_layout(Random& random);

std::string write(const Form& form, const Layout& layout, Random& random);

}  // namespace relup::differential
