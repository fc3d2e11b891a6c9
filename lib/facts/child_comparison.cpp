// SPDX-License-Identifier: Apache-2.0
//
// What is not literal in one of the releases is not compared: nobody knows what it is.

#include <algorithm>

#include "facts/children.hpp"

namespace relup::facts {
namespace {

using Terms = std::map<std::string, Term>;

std::vector<Child> missing_in(const std::vector<Child>& some, const std::vector<Child>& others) {
  std::vector<Child> missing;
  for (const Child& child : some) {
    if (std::find(others.begin(), others.end(), child) == others.end()) missing.push_back(child);
  }
  return missing;
}

std::vector<ChangedFlag> differing(const Terms& before, const Terms& after) {
  std::vector<ChangedFlag> changed;
  for (const auto& [name, value] : before) {
    const auto other = after.find(name);
    if (other != after.end() && !(other->second == value))
      changed.push_back({name, value, other->second});
  }
  return changed;
}

// A start that is not literal still shows by which module it goes.
bool starts_otherwise(const Child& before, const Child& after) {
  if (before.start && after.start) return !(*before.start == *after.start);
  return before.starter && after.starter && !(*before.starter == *after.starter);
}

std::vector<ChangedChild> changed_children(const std::vector<Child>& before,
                                           const std::vector<Child>& after) {
  std::vector<ChangedChild> changed;
  for (const Child& child : before) {
    const auto same = std::find(after.begin(), after.end(), child);
    if (same == after.end()) continue;
    ChangedChild one{child, *same, starts_otherwise(child, *same), {}};
    for (const ChangedFlag& each : differing(child.settings, same->settings))
      one.settings.push_back(each.name);
    if (one.starts_otherwise || !one.settings.empty()) changed.push_back(std::move(one));
  }
  return changed;
}

// Whether a pattern surely does not match. Of what is not seen through it is taken to match.
bool refuses(const beam::Expression& pattern, const Term& value) {
  using Kind = beam::Expression::Kind;
  const std::vector<beam::Expression>& parts = pattern.parts;
  if (pattern.kind == Kind::literal) return !(pattern.value == value);
  if (pattern.kind == Kind::match) {
    return std::any_of(parts.begin(), parts.end(),
                       [&value](const auto& part) { return refuses(part, value); });
  }
  const bool is_tuple = pattern.kind == Kind::tuple;
  if (!is_tuple && pattern.kind != Kind::list) return false;
  const Term::Elements* elements = is_tuple ? value.as_tuple() : value.as_list();
  if (elements == nullptr || elements->size() != parts.size()) return true;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (refuses(parts[i], (*elements)[i])) return true;
  }
  return false;
}

// Whether init/1 does not care.
bool is_ignored(const std::vector<beam::Expression>& heads) {
  return heads.size() == 1 && heads.front().kind == beam::Expression::Kind::variable &&
         heads.front().name.starts_with("_");
}

}  // namespace

std::optional<ChildrenChange> compare_children(const Children& before, const Children& after) {
  ChildrenChange change{after.source, missing_in(after.list, before.list),
                        missing_in(before.list, after.list), after.supervisor};
  if (before.supervisor != after.supervisor) change.supervisor.reset();
  change.changed = changed_children(before.list, after.list);
  change.flags = differing(before.flags, after.flags);
  const bool starts_itself = before.has_start && after.has_start && before.argument;
  if (starts_itself && before.argument != after.argument && !is_ignored(after.init_heads)) {
    change.old_argument = before.argument;
    change.init_refuses =
        !after.init_heads.empty() &&
        std::all_of(after.init_heads.begin(), after.init_heads.end(),
                    [&](const auto& head) { return refuses(head, *before.argument); });
  }
  const bool is_empty = !change.lists_others() && change.changed.empty() && change.flags.empty() &&
                        !change.old_argument;
  return is_empty ? std::nullopt : std::optional(std::move(change));
}

}  // namespace relup::facts
