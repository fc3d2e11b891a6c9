// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which shapes of data differ between the versions at all: tuples with a tag that the new code of a
// module no longer knows in that size, records and structs with other fields. To search what a
// module keeps is dear, and in most modules there is nothing to find: neither they nor those that
// they call make anything whose shape changes.

#include <memory>
#include <mutex>

#include "diff/live/code_pair.hpp"

namespace relup::diff {

class ShapeChanges {
 public:
  // `pairs` must outlive this.
  explicit ShapeChanges(const CodePairs& pairs);

  // Whether processes of the module, or something that it stores, may hold data that the old code
  // made in a shape that changes. Several threads may ask at once.
  bool may_concern(const CodePair& pair) const;

 private:
  bool has_changed(std::size_t index) const;

  const CodePairs& pairs_;
  bool a_struct_changes_ = false;
  // For each pair, once somebody has asked: whether tuples of its own change.
  mutable std::unique_ptr<std::once_flag[]> is_known_;
  mutable std::vector<char> changes_;
};

// Whether the tag of a tuple may be that of a type: `ok`, `error` and their like say nothing.
bool tells_a_type(Atom tag);

// The fields of the record of that tag and size, as far as they are known.
std::optional<beam::FieldNames> fields_of(const facts::ModuleFacts& facts, Atom tag,
                                          std::size_t size);

}  // namespace relup::diff
