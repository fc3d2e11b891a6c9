// SPDX-License-Identifier: Apache-2.0
#pragma once

// What differs between two sorted maps with the same kind of keys: the one walk behind every answer
// of the form "added, removed, changed".

namespace relup {

// Calls `visit(key, old_value, new_value)` for each key whose value differs, in the order of the
// keys. The values come as pointers; that of a map without the key is null.
template <typename Map, typename Visit>
void for_each_difference(const Map& old_map, const Map& new_map, Visit visit) {
  const auto is_before = old_map.key_comp();
  const typename Map::mapped_type* const nothing = nullptr;
  auto was = old_map.begin();
  auto is = new_map.begin();
  while (was != old_map.end() || is != new_map.end()) {
    const bool is_gone =
        is == new_map.end() || (was != old_map.end() && is_before(was->first, is->first));
    const bool is_new = !is_gone && (was == old_map.end() || is_before(is->first, was->first));
    if (is_gone) {
      visit(was->first, &was->second, nothing);
    } else if (is_new) {
      visit(is->first, nothing, &is->second);
    } else if (!(was->second == is->second)) {
      visit(was->first, &was->second, &is->second);
    }
    if (!is_new) ++was;
    if (!is_gone) ++is;
  }
}

}  // namespace relup
