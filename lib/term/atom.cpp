// SPDX-License-Identifier: Apache-2.0
#include "term/atom.hpp"

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

// Elements of an unordered_set never move, so their addresses can serve as identity.
class AtomTable {
 public:
  const std::string* intern(std::string_view name) {
    const std::lock_guard lock(mutex_);
    auto found = names_.find(name);
    if (found == names_.end()) found = names_.emplace(name).first;
    return &*found;
  }

 private:
  std::mutex mutex_;
  std::unordered_set<std::string, NameHash, std::equal_to<>> names_;
};

AtomTable& atom_table() {
  static auto* table = new AtomTable;  // never destroyed: atoms outlive every static object
  return *table;
}

}  // namespace

Atom::Atom(std::string_view name) : name_(atom_table().intern(name)) {}

}  // namespace relup
