// SPDX-License-Identifier: Apache-2.0
#pragma once

// A page for people, made of paragraphs and of rows; a row is a label and a text. Everything is
// wrapped to the width of the terminal. The texts of rows begin in one column where that leaves
// them enough room, else each begins right after its label. Control characters are shown escaped,
// and no line ends in a blank.

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic_text.hpp"

namespace relup::cmd {

enum class Colour { none, bold, red, green, yellow, dim };

struct Row {
  std::string label;
  std::string text;
  Colour colour = Colour::none;  // of the label
};

class TextPage {
 public:
  explicit TextPage(const TextStyle& style);

  void paragraph(const std::string& text, Colour colour = Colour::none);
  // A paragraph after an empty line.
  void heading(const std::string& text, Colour colour = Colour::bold);
  // A text of several lines, each wrapped by itself.
  void prose(const std::string& text);
  // Lines that stay as they are, but indented.
  void verbatim(const std::string& text);
  // Rows that share a column for their texts.
  void rows(const std::vector<Row>& rows);

  const std::string& text() const { return text_; }

 private:
  void row(const Row& row, std::size_t column);
  std::string styled(const std::string& text, Colour colour) const;

  bool has_colour_;
  std::size_t width_;
  std::string text_;
};

}  // namespace relup::cmd
