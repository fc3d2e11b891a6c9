// SPDX-License-Identifier: Apache-2.0
#pragma once

// The LitT chunk: the terms that instructions name by number. It is unpacked when a literal is
// first asked for.

#include <optional>

#include "beam/file/beam_file.hpp"

namespace relup::beam {

class LiteralTable {
 public:
  // `file` must outlive the table.
  explicit LiteralTable(const BeamFile& file) : file_(file) {}
  LiteralTable(const LiteralTable&) = delete;
  LiteralTable& operator=(const LiteralTable&) = delete;
  ~LiteralTable() = default;

  // The literal with that number, from 0. One that is not there, or a damaged table, is an Error
  // (bad_input).
  Term at(std::size_t number);
  // Its bytes in the external format, for who need not know the term or fears its size.
  std::string_view bytes(std::size_t number);

 private:
  void read();

  const BeamFile& file_;
  std::optional<std::string> table_;
  std::vector<std::string_view> literals_;  // views of table_
};

}  // namespace relup::beam
