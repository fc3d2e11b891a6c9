// SPDX-License-Identifier: Apache-2.0
#include "verb.hpp"

namespace relup::cmd {

std::vector<std::string> names_of(const Argument& option) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  for (std::size_t comma = 0; comma != std::string::npos; begin = comma + 1) {
    comma = option.name.find(',', begin);
    names.push_back(option.name.substr(begin, comma - begin));
  }
  return names;
}

std::string value_text(const Argument& option) {
  std::string text = option.value;
  for (const std::string& choice : option.choices)
    text += (text.empty() ? "" : "|") + choice;
  return text;
}

}  // namespace relup::cmd
