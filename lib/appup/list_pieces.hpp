// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text between the brackets of a list as a row of pieces, and how it becomes right again after
// elements were added to the row or marked as gone: one comma between two elements, no line left
// empty, and nothing drawn up behind a comment.

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
