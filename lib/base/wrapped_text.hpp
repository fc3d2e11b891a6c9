// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text that is broken into lines between its words, so that it fits a terminal. A word that is
// wider than the terminal stays whole: it may be a path that somebody copies. Columns are counted
// as characters of UTF-8.

#include <cstddef>
#include <string>
#include <string_view>

namespace relup {

std::size_t count_columns(std::string_view text);

// Where the lines of a text begin and end. The first one starts after `first` columns that the
// caller has filled.
struct Margins {
  std::size_t first = 0;
  std::size_t others = 0;
  std::size_t width = 80;
};

// `text` with line breaks and the indentation after them; words are what blanks separate.
std::string wrapped(std::string_view text, const Margins& margins);

}  // namespace relup
