// SPDX-License-Identifier: Apache-2.0
#pragma once

// An Erlang atom: a name that is compared by identity. Names live once in a table for the life of
// the program, so an Atom is one pointer, equality is one comparison, and hashing costs nothing.
// Order is the order of the names, never of the pointers, so that no result depends on the table.

#include <compare>
#include <functional>
#include <string>
#include <string_view>

namespace relup {

class Atom {
 public:
  explicit Atom(std::string_view name);  // UTF-8, at most 255 characters by the caller's care

  const std::string& name() const { return *name_; }
  bool operator==(const Atom& other) const { return name_ == other.name_; }
  bool operator==(std::string_view other) const { return *name_ == other; }
  std::strong_ordering operator<=>(const Atom& other) const {
    return name_ == other.name_ ? std::strong_ordering::equal : *name_ <=> *other.name_;
  }

 private:
  friend struct std::hash<Atom>;
  const std::string* name_;
};

}  // namespace relup

template <>
struct std::hash<relup::Atom> {
  std::size_t operator()(const relup::Atom& atom) const noexcept {
    return std::hash<const void*>()(atom.name_);
  }
};
