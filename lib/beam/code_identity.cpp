// SPDX-License-Identifier: Apache-2.0
//
// The MD5 runs over the contents of the chunks that make the code, in a fixed order whatever their
// order in the file. In FunT every entry of 24 bytes ends in a field (OldUniq) that depends on more
// than the code; the compiler hashes zeros in its place, and so do we.

#include "beam/code_identity.hpp"

#include <algorithm>

#include "beam/chunk_reader.hpp"

namespace relup::beam {
namespace {

struct HashedChunk {
  std::string_view id;
  enum class Presence { required, optional } presence;
};

constexpr HashedChunk hashed_chunks[] = {
    {"Atom", HashedChunk::Presence::optional}, {"AtU8", HashedChunk::Presence::optional},
    {"Code", HashedChunk::Presence::required}, {"StrT", HashedChunk::Presence::required},
    {"ImpT", HashedChunk::Presence::required}, {"ExpT", HashedChunk::Presence::required},
    {"FunT", HashedChunk::Presence::optional}, {"LitT", HashedChunk::Presence::optional},
    {"Meta", HashedChunk::Presence::optional},
};

constexpr std::size_t count_size = 4;
constexpr std::size_t fun_entry_size = 24;
constexpr std::size_t old_uniq_size = 4;

// A rest that is shorter than an entry is hashed as it is.
void hash_fun_table(Md5& digest, ChunkReader reader) {
  digest.update(reader.take(count_size));
  while (reader.remaining() >= fun_entry_size) {
    digest.update(reader.take(fun_entry_size - old_uniq_size));
    digest.update(std::string_view("\0\0\0\0", old_uniq_size));
    reader.take(old_uniq_size);
  }
  digest.update(reader.take(reader.remaining()));
}

}  // namespace

Md5Digest module_md5(const BeamFile& file) {
  Md5 digest;
  for (const HashedChunk& hashed : hashed_chunks) {
    const Chunk* chunk = file.find(hashed.id);
    if (chunk == nullptr) {
      if (hashed.presence == HashedChunk::Presence::optional) continue;
      ChunkReader(file.name(), "", 0, "").fail("has no " + std::string(hashed.id) + " chunk");
    }
    if (hashed.id == "FunT") {
      hash_fun_table(digest, ChunkReader::of(file, *chunk));
    } else {
      digest.update(file.data(*chunk));
    }
  }
  return digest.finish();
}

CodeIdentity code_identity(const BeamFile& file) {
  CodeIdentity identity{module_md5(file), std::nullopt};
  if (file.find("Attr") == nullptr) return identity;
  Attributes attributes = file.attributes();
  std::erase_if(attributes, [](const Attribute& attribute) { return attribute.name == "vsn"; });
  // The values of one name keep their order, which programs can see; names among them do not.
  std::stable_sort(
      attributes.begin(), attributes.end(),
      [](const Attribute& left, const Attribute& right) { return left.name < right.name; });
  identity.attributes = std::move(attributes);
  return identity;
}

bool same_code(const CodeIdentity& left, const CodeIdentity& right) {
  if (left.md5 != right.md5) return false;
  return !left.attributes || !right.attributes || *left.attributes == *right.attributes;
}

}  // namespace relup::beam
