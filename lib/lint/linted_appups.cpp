// SPDX-License-Identifier: Apache-2.0
#include "lint/linted_appups.hpp"

#include "appup/appup_name.hpp"
#include "relup/appup_reader.hpp"

namespace relup::lint {

const appup::Appup* LintedAppups::find(const release::Application& application,
                                       Problems& problems) {
  const AppupView* found = view(application.name(), problems);
  return found == nullptr ? nullptr : &found->appup;
}

std::vector<const EntryView*> LintedAppups::entries(const ReleasePair& releases) {
  std::vector<const EntryView*> entries;
  for (const diff::ApplicationChange& change : releases.diff().applications) {
    if (!change.changes_version()) continue;
    Problems found_again_by_the_compiler;
    const AppupView* appup = view(change.name, found_again_by_the_compiler);
    if (appup == nullptr) continue;
    for (const auto direction : {appup::Direction::up, appup::Direction::down}) {
      const EntryView* entry = appup->find(direction, change.old_version);
      if (entry != nullptr) entries.push_back(entry);
    }
  }
  return entries;
}

const AppupView* LintedAppups::view(Atom application, Problems& problems) {
  const auto known = views_.find(application);
  if (known != views_.end()) return &known->second;
  const std::string path = appup::appup_path(tree_.find(application)->directory, application);
  const std::string place = tree_.reference.files->place(path);
  auto bytes = tree_.reference.files->read_if_exists(path);
  if (!bytes) {
    Problem missing = make_file_problem("missing-appup", place, "there is no " + place, Term());
    missing.diagnostic.notes.push_back("the version of " + application.name() +
                                       " changes, so it needs an appup; `relup generate` writes "
                                       "one");
    problems.push_back(std::move(missing));
    return nullptr;
  }
  ReadAppup read = read_appup(place, std::move(*bytes), otp_);
  std::move(read.problems.begin(), read.problems.end(), std::back_inserter(problems));
  if (!read.appup) return nullptr;
  return &views_.emplace(application, view_appup(*read.appup, std::move(read.comments)))
              .first->second;
}

}  // namespace relup::lint
