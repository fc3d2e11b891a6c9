// SPDX-License-Identifier: Apache-2.0
//
// A star first takes no text at all. Where the rest does not fit, the last star takes one character
// more and the rest is tried again; stars before it never need another try, for what stands
// between them fitted as early as it could.

#include "policy/name_pattern.hpp"

#include "term/utf8.hpp"

namespace relup::policy {

bool NamePattern::matches(std::string_view name) const {
  std::size_t at = 0;
  std::size_t star = std::string::npos;  // the last star passed
  std::size_t taken = 0;                 // where the text after that star begins in `name`
  std::size_t here = 0;
  while (here < name.size()) {
    if (at < text_.size() && text_[at] == '*') {
      star = at++;
      taken = here;
    } else if (at < text_.size() && text_[at] == name[here]) {
      ++at;
      ++here;
    } else if (star != std::string::npos) {
      at = star + 1;
      here = ++taken;
    } else {
      return false;
    }
  }
  return text_.find_first_not_of('*', at) == std::string::npos;
}

bool is_name_pattern(std::string_view text) {
  constexpr std::string_view never = " \t\r\n!\"#%&'()+,/:;<=>?[\\]^`{|}~";
  return !text.empty() && text.find_first_of(never) == std::string_view::npos;
}

bool is_one_name(std::string_view text) {
  constexpr std::size_t longest_atom = 255;  // characters
  return is_name_pattern(text) && text.find('*') == std::string_view::npos &&
         count_code_points(text) <= longest_atom;
}

}  // namespace relup::policy
