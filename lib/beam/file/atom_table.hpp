// SPDX-License-Identifier: Apache-2.0
#pragma once

// The atom table of a module, which its other tables name atoms by number in. It is a view into the
// bytes of the file: names become Atoms one at a time, when they are asked for. A damaged table or
// a number outside it is an Error (bad_input).

#include <cstdint>
#include <string_view>
#include <vector>

#include "beam/file/beam_file.hpp"
#include "beam/file/chunk_reader.hpp"

namespace relup::beam {

class AtomTable {
 public:
  // `file` must outlive the table.
  explicit AtomTable(const BeamFile& file);

  Atom first() const;  // the module's name
  std::vector<std::string_view> names() const;
  // The atom of one name as the table holds it.
  Atom intern(std::string_view raw) const;

 private:
  std::string_view take_name(ChunkReader& reader) const;

  ChunkReader entries_;  // at the first one
  std::size_t size_ = 0;
  bool is_latin1_ = false;
  bool has_long_lengths_ = false;
};

}  // namespace relup::beam
