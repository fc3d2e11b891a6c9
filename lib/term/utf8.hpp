// SPDX-License-Identifier: Apache-2.0
#pragma once

// UTF-8, one code point at a time. Reading is total: a byte that starts no valid sequence reads as
// itself (Latin-1), and `is_valid_utf8` tells beforehand whether that can happen.

#include <cstdint>
#include <string>
#include <string_view>

namespace relup {

char32_t take_code_point_beyond_ascii(std::string_view& text);

// Takes the first code point off `text`, which must not be empty.
inline char32_t take_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first >= 0x80) return take_code_point_beyond_ascii(text);
  text.remove_prefix(1);
  return first;
}

void append_utf8(std::string& text, char32_t code_point);

// The number of bytes at the front of `text` that are valid UTF-8.
std::size_t valid_utf8_prefix(std::string_view text);
bool is_valid_utf8(std::string_view text);

std::string latin1_to_utf8(std::string_view latin1);

// The number of code points.
std::size_t count_code_points(std::string_view utf8);

// A Unicode scalar value: 0 to 16#10FFFF without the surrogates.
constexpr bool is_code_point(std::int64_t value) {
  return (value >= 0 && value < 0xD800) || (value > 0xDFFF && value <= 0x10FFFF);
}

}  // namespace relup
