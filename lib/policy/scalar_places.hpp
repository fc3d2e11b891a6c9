// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the text of a YAML scalar stands in the file, byte by byte: its text alone has neither the
// quotes and escapes nor the indentation and line breaks of the file.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/source.hpp"

namespace relup::policy {

struct ScalarPlaces {
  std::vector<std::uint32_t> offsets;  // of each byte of the text
  std::uint32_t end = 0;               // after the scalar, its quote included
  bool operator==(const ScalarPlaces&) const = default;
};

// `begin` is where the scalar begins: its quote, its `|` or `>`, or its first character. None where
// text and file do not run side by side, which escapes such as `\n` and `\x41` bring about.
std::optional<ScalarPlaces> scalar_places(std::string_view file, std::uint32_t begin,
                                          std::string_view text);

}  // namespace relup::policy
