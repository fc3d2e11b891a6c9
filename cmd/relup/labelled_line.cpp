// SPDX-License-Identifier: Apache-2.0
#include "labelled_line.hpp"

#include <algorithm>

#include "base/diagnostic_text.hpp"
#include "base/wrapped_text.hpp"

namespace relup::cmd {
namespace {

constexpr std::size_t column = 10;

}  // namespace

std::string labelled_line(const std::string& label, const std::string& text,
                          const Console& console) {
  const std::string shown = printable(text, LineBreaks::keep);
  const std::string gap(column - std::min(column - 1, label.size()), ' ');
  if (!console.results_are_watched()) return label + gap + shown + "\n";
  const auto width = static_cast<std::size_t>(std::max(20, console.result_style().width));
  std::string lines;
  for (std::size_t begin = 0; begin <= shown.size();) {
    const std::size_t end = std::min(shown.find('\n', begin), shown.size());
    lines += (lines.empty() ? "" : "\n" + std::string(column, ' ')) +
             wrapped(shown.substr(begin, end - begin), {column, column, width});
    begin = end + 1;
  }
  return label + gap + lines + "\n";
}

}  // namespace relup::cmd
