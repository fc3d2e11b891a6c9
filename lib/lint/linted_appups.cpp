// SPDX-License-Identifier: Apache-2.0
#include "lint/linted_appups.hpp"

namespace relup::lint {

const appup::Appup* LintedAppups::find(const release::Application& application,
                                       Problems& problems) {
  const ParsedAppup* found = find(application.name(), problems);
  return found == nullptr ? nullptr : &found->appup;
}

std::vector<const ParsedEntry*> LintedAppups::entries(const ReleasePair& releases) {
  std::vector<const ParsedEntry*> entries;
  for (const diff::ApplicationChange& change : releases.diff().applications) {
    if (!change.changes_version()) continue;
    Problems found_again_by_the_compiler;
    const ParsedAppup* appup = find(change.name, found_again_by_the_compiler);
    if (appup == nullptr) continue;
    for (const auto direction : {appup::Direction::up, appup::Direction::down}) {
      const ParsedEntry* entry = appup->find(direction, change.old_version);
      if (entry != nullptr) entries.push_back(entry);
    }
  }
  return entries;
}

const ParsedAppup* LintedAppups::find(Atom application, Problems& problems) {
  const auto linted = linted_.find(application);
  if (linted != linted_.end()) return linted->second;
  const ReleaseAppups::Read& read = others_.of(application);
  problems.insert(problems.end(), read.problems.begin(), read.problems.end());
  return read.appup ? &*read.appup : nullptr;
}

}  // namespace relup::lint
