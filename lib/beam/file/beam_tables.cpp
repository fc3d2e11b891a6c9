// SPDX-License-Identifier: Apache-2.0
//
// ExpT, LocT and ImpT hold a count, then rows of three 32-bit numbers: function, arity and label in
// the first two; module, function and arity in ImpT. Atoms are meant by their number in the atom
// table.

#include "beam/file/atom_table.hpp"

namespace relup::beam {
namespace {

constexpr unsigned largest_arity = 255;

// Reads atoms by number and arities, with the checks that the loader makes.
class EntryReader {
 public:
  EntryReader(const BeamFile& file, const Chunk& chunk)
      : reader_(ChunkReader::of(file, chunk)), atoms_(file), names_(atoms_.names()) {
    const std::uint32_t claimed = reader_.u32();
    size_ = reader_.count(claimed, 3 * sizeof(std::uint32_t));
  }

  std::size_t size() const { return size_; }
  unsigned number() { return reader_.u32(); }

  Atom atom() {
    const std::uint32_t index = reader_.u32();
    if (index == 0 || index > names_.size()) {
      reader_.fail("names atom " + std::to_string(index) + " of " + std::to_string(names_.size()));
    }
    return atoms_.intern(names_[index - 1]);
  }

  unsigned arity() {
    const std::uint32_t arity = reader_.u32();
    if (arity > largest_arity) reader_.fail("has arity " + std::to_string(arity));
    return arity;
  }

 private:
  ChunkReader reader_;
  AtomTable atoms_;
  std::vector<std::string_view> names_;
  std::size_t size_ = 0;
};

std::vector<Function> read_functions(const BeamFile& file, std::string_view id) {
  std::vector<Function> functions;
  const Chunk* chunk = file.find(id);
  if (chunk == nullptr) return functions;
  EntryReader entries(file, *chunk);
  functions.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Atom name = entries.atom();
    const unsigned arity = entries.arity();
    functions.push_back({name, arity, entries.number()});
  }
  return functions;
}

}  // namespace

std::vector<Atom> BeamFile::atoms() const {
  const AtomTable table(*this);
  std::vector<Atom> atoms;
  for (const std::string_view name : table.names())
    atoms.push_back(table.intern(name));
  return atoms;
}

std::vector<Function> BeamFile::exports() const {
  return read_functions(*this, "ExpT");
}

std::vector<Function> BeamFile::functions() const {
  return read_functions(*this, "LocT");
}

std::vector<Import> BeamFile::imports() const {
  std::vector<Import> imports;
  const Chunk* chunk = find("ImpT");
  if (chunk == nullptr) return imports;
  EntryReader entries(*this, *chunk);
  imports.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Atom module = entries.atom();
    const Atom function = entries.atom();
    imports.push_back({module, function, entries.arity()});
  }
  return imports;
}

}  // namespace relup::beam
