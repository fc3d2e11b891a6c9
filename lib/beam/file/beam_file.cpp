// SPDX-License-Identifier: Apache-2.0
//
// A BEAM file is one IFF form: "FOR1", the size of the rest, "BEAM", then chunks. A chunk is a name
// of four bytes, a size, and that many bytes, padded to a multiple of four; the padding of the last
// one may be missing. `erlc +compressed` packs all of that with gzip.

#include "beam/file/beam_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/gzip.hpp"
#include "beam/file/atom_table.hpp"
#include "beam/file/chunk_reader.hpp"
#include "term/external.hpp"

namespace relup::beam {
namespace {

constexpr std::size_t most_terms = 1U << 20U;  // of a chunk that is a term

constexpr std::size_t padding_after(std::size_t size) {
  return (4 - size % 4) % 4;
}

}  // namespace

BeamFile::BeamFile(std::string name, std::string bytes, const BeamLimits& limits)
    : name_(std::move(name)), bytes_(std::move(bytes)), module_("") {
  if (is_gzip(bytes_)) bytes_ = gunzip(name_, bytes_, limits.unpacked_bytes);
  read_container();
  module_ = AtomTable(*this).first();
}

void BeamFile::read_container() {
  ChunkReader reader(name_, "", 0, bytes_);
  if (!std::string_view(bytes_).starts_with("FOR1")) {
    reader.fail("does not begin with FOR1, as compiled modules do");
  }
  reader.take(4);
  const std::uint32_t size = reader.u32();
  if (size > reader.remaining()) {
    reader.fail("the form has " + std::to_string(size) + " bytes, but only " +
                std::to_string(reader.remaining()) + " are left");
  }
  // Bytes after the form are none of the module's: the loader stops here, too.
  const std::size_t begin = reader.offset();
  reader = ChunkReader(name_, "", begin, reader.take(size));
  if (reader.take(4) != "BEAM") reader.fail("the form is not of type BEAM");
  while (reader.remaining() > 0)
    chunks_.push_back(take_chunk(reader));
}

Chunk BeamFile::take_chunk(ChunkReader& reader) const {
  Chunk chunk;
  const std::string_view id = reader.take(chunk.id.size());
  std::copy(id.begin(), id.end(), chunk.id.begin());
  chunk.size = reader.u32();
  chunk.offset = static_cast<std::uint32_t>(reader.offset());
  if (chunk.size > reader.remaining()) {
    ChunkReader(name_, id, reader.offset(), "")
        .fail("has " + std::to_string(chunk.size) + " bytes, but only " +
              std::to_string(reader.remaining()) + " are left");
  }
  reader.take(chunk.size);
  reader.take(std::min(padding_after(chunk.size), reader.remaining()));
  return chunk;
}

const Chunk* BeamFile::find(std::string_view id) const {
  const auto found = std::find_if(chunks_.begin(), chunks_.end(),
                                  [&](const Chunk& chunk) { return chunk.name() == id; });
  return found == chunks_.end() ? nullptr : &*found;
}

std::string_view BeamFile::data(const Chunk& chunk) const {
  return std::string_view(bytes_).substr(chunk.offset, chunk.size);
}

std::optional<Term> BeamFile::term_in(std::string_view id) const {
  const Chunk* chunk = find(id);
  if (chunk == nullptr) return std::nullopt;
  try {
    return decode_external(data(*chunk), {.terms = most_terms});
  } catch (const Error& error) {
    throw Error(ErrorCode::bad_input, name_ + ": not a sound BEAM file: chunk " + std::string(id) +
                                          " at byte " + std::to_string(chunk->offset) + ": " +
                                          error.message())
        .because_of(error);
  }
}

std::optional<Term> BeamFile::compile_info() const {
  return term_in("CInf");
}

Attributes BeamFile::attributes() const {
  const std::optional<Term> list = term_in("Attr");
  if (!list) return {};
  Attributes attributes;
  bool sound = list->is_proper_list();
  if (sound) {
    for (const Term& element : *list->as_list()) {
      const Term::Elements* pair = element.as_tuple();
      sound = pair != nullptr && pair->size() == 2 && pair->front().as_atom() != nullptr;
      if (!sound) break;
      attributes.push_back({*pair->front().as_atom(), pair->back()});
    }
  }
  if (!sound) {
    ChunkReader(name_, "Attr", find("Attr")->offset, "")
        .fail("is not a list of {Name, Values} tuples");
  }
  return attributes;
}

std::vector<Atom> behaviours(const Attributes& attributes) {
  std::vector<Atom> modules;
  for (const Attribute& attribute : attributes) {
    if (!(attribute.name == "behaviour" || attribute.name == "behavior")) continue;
    const std::vector<Atom> named = attribute.value.atoms().value_or(std::vector<Atom>{});
    modules.insert(modules.end(), named.begin(), named.end());
  }
  return modules;
}

std::optional<Term> vsn(const Attributes& attributes) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == "vsn") return attribute.value;
  }
  return std::nullopt;
}

}  // namespace relup::beam
