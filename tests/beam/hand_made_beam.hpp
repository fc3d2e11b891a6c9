// SPDX-License-Identifier: Apache-2.0
#pragma once

// BEAM files put together by hand, for what no compiler writes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace relup::beam {

struct NamedChunk {
  std::string id;
  std::string data;
};

std::string u32(std::uint32_t value);  // big-endian
std::string u32s(const std::vector<std::uint32_t>& values);

// A table chunk: the number of rows, then all their numbers.
std::string table(const std::vector<std::vector<std::uint32_t>>& rows);

// An AtU8 or Atom chunk with one-byte lengths.
NamedChunk atom_chunk(const std::vector<std::string>& names, std::string id = "AtU8");

std::string form(const std::vector<NamedChunk>& chunks);

}  // namespace relup::beam
