// SPDX-License-Identifier: Apache-2.0
#include "beam/code/fun_table.hpp"

#include "beam/file/chunk_reader.hpp"

namespace relup::beam {

std::vector<FunEntry> read_funs(const BeamFile& file) {
  std::vector<FunEntry> funs;
  const Chunk* chunk = file.find("FunT");
  if (chunk == nullptr) return funs;
  constexpr std::size_t row = 6 * sizeof(std::uint32_t);
  ChunkReader reader = ChunkReader::of(file, *chunk);
  const std::uint32_t claimed = reader.u32();
  for (std::size_t left = reader.count(claimed, row); left > 0; --left) {
    FunEntry fun;
    reader.u32();  // name
    fun.arity = reader.u32();
    fun.label = reader.u32();
    reader.u32();  // number
    fun.kept = reader.u32();
    reader.u32();  // checksum
    funs.push_back(fun);
  }
  return funs;
}

}  // namespace relup::beam
