// SPDX-License-Identifier: Apache-2.0
#pragma once

// What becomes of a list of instructions of which there are three states: what relup generated last
// (base), what somebody has made of it (user), and what relup would write now.

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "appup/fingerprint.hpp"

namespace relup::merge {

enum class Verdict {
  keep_user,  // as it stands in the file, or does not
  take_now,   // as relup would write it now, or would not
  conflict,   // both have changed, in different ways
};

// The rule of every three-way merge: what only one side has changed is as that side has it. The
// three are values, or optional values where there may be none.
template <typename Value>
Verdict three_way(const Value& user, const Value& base, const Value& now) {
  if (user == now || base == now) return Verdict::keep_user;
  return user == base ? Verdict::take_now : Verdict::conflict;
}

// One instruction in the three lists, by its index there.
struct Decision {
  std::optional<std::size_t> user;
  std::optional<std::size_t> base;
  std::optional<std::size_t> now;
  Verdict verdict = Verdict::keep_user;
  bool moves = false;  // out of its place in the file, to where relup has it now
};

// One decision for every instruction of the three lists; those of modules in `left_alone` are the
// user's whatever they are.
std::vector<Decision> merge_instructions(const appup::Fingerprints& user,
                                         const appup::Fingerprints& base,
                                         const appup::Fingerprints& now,
                                         const std::set<Atom>& left_alone);

}  // namespace relup::merge
