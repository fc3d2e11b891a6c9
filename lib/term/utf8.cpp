// SPDX-License-Identifier: Apache-2.0
#include "term/utf8.hpp"

#include <algorithm>

namespace relup {
namespace {

// The length of the sequence that starts with `lead`, 0 for a byte that starts none.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

struct Decoded {
  char32_t code_point = 0;
  std::size_t length = 0;  // 0: not a valid sequence
};

Decoded decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length <= 1) return {lead, length};
  if (text.size() < length) return {};
  static constexpr unsigned char lead_masks[] = {0, 0, 0x1F, 0x0F, 0x07};
  static constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  char32_t code_point = lead & lead_masks[length];
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return {};
    code_point = (code_point << 6U) | (byte & 0x3FU);
  }
  if (code_point < smallest[length] || !is_code_point(code_point)) return {};
  return {code_point, length};
}

}  // namespace

char32_t take_code_point_beyond_ascii(std::string_view& text) {
  const Decoded decoded = decode(text);
  if (decoded.length == 0) {
    const auto byte = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    return byte;
  }
  text.remove_prefix(decoded.length);
  return decoded.code_point;
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto tail = [&text](char32_t bits) { text += static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += static_cast<char>(0xC0U | (code_point >> 6U));
    tail(code_point);
  } else if (code_point < 0x10000) {
    text += static_cast<char>(0xE0U | (code_point >> 12U));
    tail(code_point >> 6U);
    tail(code_point);
  } else {
    text += static_cast<char>(0xF0U | (code_point >> 18U));
    tail(code_point >> 12U);
    tail(code_point >> 6U);
    tail(code_point);
  }
}

std::size_t valid_utf8_prefix(std::string_view text) {
  const auto beyond_ascii = std::find_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0x80U) != 0;
  });
  auto valid = static_cast<std::size_t>(beyond_ascii - text.begin());
  while (valid < text.size()) {
    const std::size_t length = decode(text.substr(valid)).length;
    if (length == 0) break;
    valid += length;
  }
  return valid;
}

bool is_valid_utf8(std::string_view text) {
  return valid_utf8_prefix(text) == text.size();
}

std::string latin1_to_utf8(std::string_view latin1) {
  std::string utf8;
  utf8.reserve(latin1.size());
  for (const char byte : latin1)
    append_utf8(utf8, static_cast<unsigned char>(byte));
  return utf8;
}

std::size_t count_code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

}  // namespace relup
