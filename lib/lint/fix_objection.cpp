// SPDX-License-Identifier: Apache-2.0
#include "lint/fix_objection.hpp"

#include <map>
#include <string_view>
#include <tuple>

namespace relup::lint {
namespace {

using Pointers = std::vector<const Diagnostic*>;
using Key = std::tuple<std::string_view, std::string_view, std::string_view>;

Key by_message(const Diagnostic& finding) {
  return {finding.file, finding.rule, finding.message};
}

Key by_marked_text(const Diagnostic& finding) {
  const bool has_place = finding.source != nullptr;
  return {finding.file, finding.rule, has_place ? finding.source->text(finding.span) : ""};
}

Pointers pointers_to(const Diagnostics& findings) {
  Pointers pointers;
  for (const Diagnostic& finding : findings)
    pointers.push_back(&finding);
  return pointers;
}

// Takes from both lists the findings that have the same key, in pairs.
template <typename KeyOf>
void drop_pairs(Pointers& before, Pointers& after, KeyOf key_of) {
  std::map<Key, int> counts;
  for (const Diagnostic* finding : before)
    ++counts[key_of(*finding)];
  std::map<Key, int> pairs;
  std::erase_if(after, [&](const Diagnostic* finding) {
    const auto count = counts.find(key_of(*finding));
    if (count == counts.end() || count->second == 0) return false;
    --count->second;
    ++pairs[count->first];
    return true;
  });
  std::erase_if(before, [&](const Diagnostic* finding) { return pairs[key_of(*finding)]-- > 0; });
}

}  // namespace

std::string objection(const Diagnostics& before, const Diagnostics& after) {
  Pointers gone = pointers_to(before);
  Pointers added = pointers_to(after);
  drop_pairs(gone, added, by_message);
  drop_pairs(gone, added, by_marked_text);
  if (!added.empty()) {
    return "then there would be: " + added.front()->message + " [" + added.front()->rule + "]";
  }
  return after.size() < before.size() ? "" : "the finding would still be there";
}

}  // namespace relup::lint
