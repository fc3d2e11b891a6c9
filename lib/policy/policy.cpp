// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.hpp"

#include <algorithm>

namespace relup::policy {
namespace {

void apply(const Wishes& wishes, ModuleWish& result) {
  result.purge.before = wishes.purge_before.value_or(result.purge.before);
  result.purge.after = wishes.purge_after.value_or(result.purge.after);
  if (wishes.suspend_timeout) result.suspend_timeout = *wishes.suspend_timeout;
  if (wishes.extra) result.extra = wishes.extra;
  if (wishes.change) result.change = wishes.change;
}

void apply(const Scope& scope, Atom module, ModuleWish& result) {
  apply(scope.wishes, result);
  const bool is_left =
      std::any_of(scope.leave_alone.begin(), scope.leave_alone.end(),
                  [&](const NamePattern& pattern) { return pattern.matches(module.name()); });
  if (is_left) result.change = ModuleChangeType::leave;
}

// Calls `use` with every entry that the name of `application` matches.
template <typename Use>
void for_each_match(const ReleaseWishes& wishes, Atom application, const Use& use) {
  for (const ApplicationEntry& entry : wishes.applications) {
    if (entry.applications.matches(application.name())) use(entry);
  }
}

}  // namespace

ModuleWish Policy::module(Atom application, Atom name) const {
  ModuleWish result;
  apply(wishes_.scope, name, result);
  for_each_match(wishes_, application,
                 [&](const ApplicationEntry& entry) { apply(entry.scope, name, result); });
  for_each_match(wishes_, application, [&](const ApplicationEntry& entry) {
    for (const ModuleEntry& special : entry.modules) {
      if (special.modules.matches(name.name())) apply(special.wishes, result);
    }
  });
  return result;
}

Supervision Policy::supervision(Atom application) const {
  Supervision result = wishes_.scope.supervision.value_or(Supervision::report);
  for_each_match(wishes_, application, [&](const ApplicationEntry& entry) {
    result = entry.scope.supervision.value_or(result);
  });
  return result;
}

bool Policy::restarts(Atom application) const {
  bool result = false;
  for_each_match(wishes_, application, [&](const ApplicationEntry& entry) {
    result = result || entry.change == ApplicationEntry::Change::restart;
  });
  return result;
}

std::vector<std::string> Policy::deployed(Atom application) const {
  std::vector<std::string> result;
  for_each_match(wishes_, application, [&](const ApplicationEntry& entry) {
    for (const std::string& version : entry.deployed) {
      const bool is_known = std::find(result.begin(), result.end(), version) != result.end();
      if (!is_known) result.push_back(version);
    }
  });
  return result;
}

std::vector<Insertion> Policy::insertions(Atom application) const {
  std::vector<Insertion> result;
  for_each_match(wishes_, application, [&](const ApplicationEntry& entry) {
    result.insert(result.end(), entry.scope.insertions.begin(), entry.scope.insertions.end());
  });
  return result;
}

std::optional<Severity> Policy::severity(std::string_view rule, Severity otherwise) const {
  const auto found = wishes_.findings.find(rule);
  return found == wishes_.findings.end() ? otherwise : found->second;
}

}  // namespace relup::policy
