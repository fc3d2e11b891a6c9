// SPDX-License-Identifier: Apache-2.0
//
// The file and the text run side by side. Where they differ, the file may only have what YAML takes
// out: blanks and line breaks of any scalar, the backslash of a double-quoted one, the doubled
// quote of a single-quoted one. Anything else ends the walk without an answer. A place can be off
// by such a character, never by more.

#include "policy/scalar_places.hpp"

#include <algorithm>

namespace relup::policy {
namespace {

bool is_same(char in_text, char in_file) {
  // A folded line break.
  return in_text == in_file || (in_text == ' ' && in_file == '\n');
}

bool may_be_taken_out(char in_file, char opening) {
  if (in_file == ' ' || in_file == '\t' || in_file == '\r' || in_file == '\n') return true;
  return (opening == '"' && in_file == '\\') || (opening == '\'' && in_file == '\'');
}

}  // namespace

std::optional<ScalarPlaces> scalar_places(std::string_view file, std::uint32_t begin,
                                          std::string_view text) {
  if (begin >= file.size()) return std::nullopt;
  const char opening = file[begin];
  const bool is_quoted = opening == '"' || opening == '\'';
  std::size_t at = begin + (is_quoted ? 1 : 0);
  if (opening == '|' || opening == '>') at = std::min(file.find('\n', at), file.size());

  ScalarPlaces places;
  for (const char byte : text) {
    while (at < file.size() && !is_same(byte, file[at])) {
      if (!may_be_taken_out(file[at], opening)) return std::nullopt;
      ++at;
    }
    if (at == file.size()) return std::nullopt;
    places.offsets.push_back(static_cast<std::uint32_t>(at++));
  }
  if (is_quoted) at = std::min(file.find(opening, at), file.size() - 1) + 1;
  places.end = static_cast<std::uint32_t>(at);
  return places;
}

}  // namespace relup::policy
