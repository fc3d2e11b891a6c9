// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a character can be in Erlang text, as `erl_scan` sees it: Latin-1 letters stand in names as
// ASCII ones do, what lies beyond Latin-1 stands in none.

#include <array>
#include <cstdint>

namespace relup {

namespace detail {

enum CharacterClass : std::uint8_t {
  blank = 1,
  digit = 2,
  name_start = 4,
  variable_start = 8,
  name_part = 16,
};

constexpr std::uint8_t classify(char32_t character) {
  const auto is_in = [character](char32_t first, char32_t last) {
    return character >= first && character <= last;
  };
  if (character <= ' ' || is_in(0x80, 0xA0)) return blank;
  if (is_in('0', '9')) return digit | name_part;
  if (is_in('a', 'z') || (is_in(0xDF, 0xFF) && character != 0xF7)) return name_start | name_part;
  const bool is_upper = is_in('A', 'Z') || (is_in(0xC0, 0xDE) && character != 0xD7);
  if (is_upper || character == '_') return variable_start | name_part;
  return character == '@' ? name_part : 0;
}

inline constexpr auto character_classes = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t character = 0; character < table.size(); ++character) {
    table[character] = classify(static_cast<char32_t>(character));
  }
  return table;
}();

constexpr bool is(char32_t character, CharacterClass wanted) {
  return character < character_classes.size() && (character_classes[character] & wanted) != 0;
}

}  // namespace detail

constexpr bool is_blank(char32_t character) {
  return detail::is(character, detail::blank);
}

constexpr bool is_digit(char32_t character) {
  return detail::is(character, detail::digit);
}

// Of an atom: a lower-case letter.
constexpr bool is_name_start(char32_t character) {
  return detail::is(character, detail::name_start);
}

// An upper-case letter or an underscore.
constexpr bool is_variable_start(char32_t character) {
  return detail::is(character, detail::variable_start);
}

constexpr bool is_name_part(char32_t character) {
  return detail::is(character, detail::name_part);
}

}  // namespace relup
