// SPDX-License-Identifier: Apache-2.0
#include "term/atom.hpp"

#include <array>
#include <mutex>
#include <unordered_set>

namespace relup {
namespace {

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const {
    return std::hash<std::string_view>()(name);
  }
};

// Elements of an unordered_set never move, so their addresses can serve as identity. Threads that
// read modules intern all the time; each part has a lock of its own, so they rarely meet.
class AtomTable {
 public:
  const std::string* intern(std::string_view name) {
    Part& part = parts_[NameHash()(name) % parts_.size()];
    const std::lock_guard lock(part.mutex);
    auto found = part.names.find(name);
    if (found == part.names.end()) found = part.names.emplace(name).first;
    return &*found;
  }

 private:
  struct Part {
    std::mutex mutex;
    std::unordered_set<std::string, NameHash, std::equal_to<>> names;
  };
  std::array<Part, 16> parts_;
};

AtomTable& atom_table() {
  static auto* table = new AtomTable;  // never destroyed: atoms outlive every static object
  return *table;
}

}  // namespace

Atom::Atom(std::string_view name) : name_(atom_table().intern(name)) {}

}  // namespace relup
