// SPDX-License-Identifier: Apache-2.0
#include "base/wrapped_text.hpp"

#include <algorithm>

namespace relup {

std::size_t count_columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

std::string wrapped(std::string_view text, const Margins& margins) {
  std::string lines;
  std::size_t at = margins.first;
  bool is_first = true;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) continue;
    const std::size_t columns = count_columns(word);
    const bool fits = at + (is_first ? 0 : 1) + columns <= margins.width;
    if (!fits && (!is_first || at > margins.others)) {
      lines += "\n" + std::string(margins.others, ' ');
      at = margins.others;
    } else if (!is_first) {
      lines += ' ';
      ++at;
    }
    lines += word;
    at += columns;
    is_first = false;
  }
  return lines;
}

}  // namespace relup
