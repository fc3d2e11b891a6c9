// SPDX-License-Identifier: Apache-2.0
//
// The MD5 runs over the contents of the chunks that make the code, in a fixed order whatever their
// order in the file. In FunT every entry of 24 bytes ends in a field (OldUniq) that depends on more
// than the code; the compiler hashes zeros in its place, and so do we.

#include "beam/file/code_identity.hpp"

#include <algorithm>

#include "beam/file/chunk_reader.hpp"

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

bool same_fun_table(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  if (left == right) return true;
  const auto without_uniq = [](std::string_view table) {
    std::string kept(table);
    for (std::size_t end = count_size + fun_entry_size; end <= kept.size(); end += fun_entry_size)
      kept.replace(end - old_uniq_size, old_uniq_size, old_uniq_size, '\0');
    return kept;
  };
  return without_uniq(left) == without_uniq(right);
}

// Null where the file does not have an optional chunk.
const Chunk* chunk_to_hash(const BeamFile& file, const HashedChunk& hashed) {
  const Chunk* chunk = file.find(hashed.id);
  if (chunk == nullptr && hashed.presence == HashedChunk::Presence::required) {
    ChunkReader(file.name(), "", 0, "").fail("has no " + std::string(hashed.id) + " chunk");
  }
  return chunk;
}

bool same_chunk(const BeamFile& before, const BeamFile& after, const HashedChunk& hashed) {
  const Chunk* old_chunk = chunk_to_hash(before, hashed);
  const Chunk* new_chunk = chunk_to_hash(after, hashed);
  if (old_chunk == nullptr || new_chunk == nullptr) return old_chunk == new_chunk;
  const std::string_view left = before.data(*old_chunk);
  const std::string_view right = after.data(*new_chunk);
  return hashed.id == "FunT" ? same_fun_table(left, right) : left == right;
}

// The values of one name keep their order, which programs can see; names among them do not.
Attributes sorted_attributes(const BeamFile& file) {
  Attributes attributes = file.attributes();
  std::erase_if(attributes, [](const Attribute& attribute) { return attribute.name == "vsn"; });
  std::stable_sort(
      attributes.begin(), attributes.end(),
      [](const Attribute& left, const Attribute& right) { return left.name < right.name; });
  return attributes;
}

bool differ_in_attributes(const BeamFile& before, const BeamFile& after) {
  const Chunk* old_chunk = before.find("Attr");
  const Chunk* new_chunk = after.find("Attr");
  if (old_chunk == nullptr || new_chunk == nullptr) return false;
  if (before.data(*old_chunk) == after.data(*new_chunk)) return false;
  return sorted_attributes(before) != sorted_attributes(after);
}

}  // namespace

Md5Digest module_md5(const BeamFile& file) {
  Md5 digest;
  for (const HashedChunk& hashed : hashed_chunks) {
    const Chunk* chunk = chunk_to_hash(file, hashed);
    if (chunk == nullptr) continue;
    if (hashed.id == "FunT") {
      hash_fun_table(digest, ChunkReader::of(file, *chunk));
    } else {
      digest.update(file.data(*chunk));
    }
  }
  return digest.finish();
}

CodeDifference compare_code(const BeamFile& before, const BeamFile& after) {
  CodeDifference difference;
  for (const HashedChunk& hashed : hashed_chunks) {
    if (same_chunk(before, after, hashed)) continue;
    (hashed.id == "LitT" ? difference.literals : difference.instructions) = true;
  }
  difference.attributes = differ_in_attributes(before, after);
  return difference;
}

}  // namespace relup::beam
