// SPDX-License-Identifier: Apache-2.0
#include "text_page.hpp"

#include <algorithm>

#include "base/wrapped_text.hpp"

namespace relup::cmd {
namespace {

constexpr std::size_t indentation = 2;
constexpr std::size_t continuation = 6;  // where a text has no column
constexpr std::size_t gap = 2;           // after a label
constexpr std::size_t room_for_text = 26;
constexpr std::size_t narrowest = 20;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::bold:
      return "\033[1m";
    case Colour::red:
      return "\033[31m";
    case Colour::green:
      return "\033[32m";
    case Colour::yellow:
      return "\033[33m";
    case Colour::dim:
      return "\033[2m";
    case Colour::none:
      break;
  }
  return "";
}

}  // namespace

TextPage::TextPage(const TextStyle& style)
    : has_colour_(style.colour),
      width_(std::max(narrowest, static_cast<std::size_t>(std::max(0, style.width)))) {}

void TextPage::paragraph(const std::string& text, Colour colour) {
  text_ += styled(wrapped(printable(text), {0, indentation, width_}), colour) + "\n";
}

void TextPage::heading(const std::string& text, Colour colour) {
  text_ += "\n";
  paragraph(text, colour);
}

void TextPage::prose(const std::string& text) {
  for (const std::string& line : lines_of(text))
    text_ += wrapped(printable(line), {0, 0, width_}) + "\n";
}

void TextPage::verbatim(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    text_ += (line.empty() ? "" : std::string(indentation, ' ') + printable(line)) + "\n";
  }
}

// The column begins after the widest label that leaves enough room for texts. The texts of wider
// labels do not use it; when those are many, nobody would see a column, and there is none.
void TextPage::rows(const std::vector<Row>& rows) {
  std::size_t column = 0;
  std::size_t fitting = 0;
  std::size_t too_wide = 0;
  for (const Row& each : rows) {
    if (each.text.empty()) continue;
    const std::size_t end = indentation + count_columns(printable(each.label)) + gap;
    const bool fits = end + room_for_text <= width_;
    if (fits) column = std::max(column, end);
    ++(fits ? fitting : too_wide);
  }
  if (too_wide * 3 > fitting) column = 0;
  for (const Row& each : rows)
    row(each, column);
}

void TextPage::row(const Row& row, std::size_t column) {
  const std::string label = printable(row.label);
  const std::size_t end = indentation + count_columns(label);
  const bool has_column = end + gap <= column;
  const std::size_t first = has_column ? column : end + gap;
  const std::size_t others = has_column ? column : std::min(continuation, width_ / 2);
  const std::string text = wrapped(printable(row.text), {first, others, width_});
  text_ += std::string(indentation, ' ') + styled(label, row.colour);
  const bool follows_label = !text.empty() && text.front() != '\n';
  text_ += (follows_label ? std::string(first - end, ' ') : "") + text + "\n";
}

std::string TextPage::styled(const std::string& text, Colour colour) const {
  if (!has_colour_ || colour == Colour::none || text.empty()) return text;
  return std::string(code_of(colour)) + text + "\033[0m";
}

}  // namespace relup::cmd
