// SPDX-License-Identifier: Apache-2.0
#pragma once

// A compiled Erlang module: the IFF container of a `.beam` file (ERTS User's Guide, `beam_lib`),
// and the tables in it that relup needs. The file may be compressed as a whole. Only the chunk
// table and the module's name are read at once; every other table is read when it is asked for,
// from the bytes in place. What is cut off or damaged is an Error (bad_input) with file, chunk and
// byte; in a compressed file bytes are counted in the unpacked data.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "term/term.hpp"

namespace relup::beam {

class ChunkReader;

struct BeamLimits {
  std::size_t unpacked_bytes = 256U << 20U;  // of a compressed file
};

struct Chunk {
  std::array<char, 4> id{};
  std::uint32_t offset = 0;  // of the data in the file
  std::uint32_t size = 0;    // of the data, bytes

  std::string_view name() const { return {id.data(), id.size()}; }
};

struct Function {
  Atom name;
  unsigned arity = 0;
  unsigned label = 0;  // where its code begins
  bool operator==(const Function&) const = default;
};

struct Import {
  Atom module;
  Atom function;
  unsigned arity = 0;
  bool operator==(const Import&) const = default;
};

// One `-Name(Value)` of the source; the compiler keeps the values of a name in a list.
struct Attribute {
  Atom name;
  Term value;
  bool operator==(const Attribute&) const = default;
};
using Attributes = std::vector<Attribute>;

class BeamFile {
 public:
  // `name` is the file's name in messages.
  BeamFile(std::string name, std::string bytes, const BeamLimits& limits = {});

  const std::string& name() const { return name_; }
  Atom module() const { return module_; }

  const std::vector<Chunk>& chunks() const { return chunks_; }
  // The first chunk called `id`, null when there is none. `beam_lib` also takes the first.
  const Chunk* find(std::string_view id) const;
  std::string_view data(const Chunk& chunk) const;

  std::vector<Atom> atoms() const;
  std::vector<Function> exports() const;    // ExpT
  std::vector<Import> imports() const;      // ImpT
  std::vector<Function> functions() const;  // LocT: local functions; empty in a stripped file
  Attributes attributes() const;            // in file order; empty without an Attr chunk
  std::optional<Term> compile_info() const;

 private:
  void read_container();
  Chunk take_chunk(ChunkReader& reader) const;
  std::optional<Term> term_in(std::string_view id) const;

  std::string name_;
  std::string bytes_;
  std::vector<Chunk> chunks_;
  Atom module_;
};

// The modules named by `-behaviour` and `-behavior`, in order.
std::vector<Atom> behaviours(const Attributes& attributes);

// The value of `-vsn`; the compiler supplies a one-element list with a checksum where the source
// has none.
std::optional<Term> vsn(const Attributes& attributes);

}  // namespace relup::beam
