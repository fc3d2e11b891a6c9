// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text between the brackets of a list, cut into pieces: blanks, comments, commas, elements.
// Elements can be added, or marked as gone; settled_text() then makes a well-formed text of the
// pieces: one comma between two elements, no empty line where an element was, and no element pulled
// up onto the line of a comment, which would swallow it.

#include <string>
#include <vector>

namespace relup::appup {

struct Piece {
  enum class Kind { blank, comment, comma, element, gone };
  Kind kind;
  std::string text;
  std::size_t element = 0;  // its number

  bool breaks_line() const { return kind == Kind::blank && text.find('\n') != std::string::npos; }
};
using Pieces = std::vector<Piece>;

std::string settled_text(Pieces pieces);

}  // namespace relup::appup
