// SPDX-License-Identifier: Apache-2.0
#include "beam/hand_made_beam.hpp"

namespace relup::beam {

std::string u32(std::uint32_t value) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    bytes += static_cast<char>((value >> shift) & 0xFFU);
  return bytes;
}

std::string u32s(const std::vector<std::uint32_t>& values) {
  std::string bytes;
  for (const std::uint32_t value : values)
    bytes += u32(value);
  return bytes;
}

std::string table(const std::vector<std::vector<std::uint32_t>>& rows) {
  std::string bytes = u32(static_cast<std::uint32_t>(rows.size()));
  for (const auto& row : rows)
    bytes += u32s(row);
  return bytes;
}

NamedChunk atom_chunk(const std::vector<std::string>& names, std::string id) {
  std::string data = u32(static_cast<std::uint32_t>(names.size()));
  for (const std::string& name : names) {
    data += static_cast<char>(name.size());
    data += name;
  }
  return {std::move(id), data};
}

std::string form(const std::vector<NamedChunk>& chunks) {
  std::string body = "BEAM";
  for (const NamedChunk& chunk : chunks) {
    body += chunk.id + u32(static_cast<std::uint32_t>(chunk.data.size())) + chunk.data;
    body.resize((body.size() + 3) / 4 * 4, '\0');
  }
  return "FOR1" + u32(static_cast<std::uint32_t>(body.size())) + body;
}

}  // namespace relup::beam
