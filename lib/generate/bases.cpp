// SPDX-License-Identifier: Apache-2.0
#include "generate/bases.hpp"

#include <algorithm>

namespace relup::generate {
namespace {

using release::ReleaseTree;

bool comes_first(const ReleaseTree* left, const ReleaseTree* right) {
  const auto order = diff::compare_versions(left->version(), right->version());
  if (order != 0) return order < 0;
  const auto identity = [](const ReleaseTree& tree) {
    return std::pair(tree.version(), tree.reference.files->name());
  };
  return identity(*left) < identity(*right);
}

}  // namespace

Bases compare_bases(const std::vector<const ReleaseTree*>& old_releases,
                    const ReleaseTree& new_release) {
  std::vector<const ReleaseTree*> sorted = old_releases;
  std::stable_sort(sorted.begin(), sorted.end(), comes_first);
  Bases bases;
  for (const ReleaseTree* old_release : sorted) {
    diff::ReleaseDiff diff = diff::compare_releases(*old_release, new_release);
    plan::ColdChanges cold = plan::find_cold_changes(diff);
    bases.push_back({old_release, std::move(diff), std::move(cold)});
  }
  return bases;
}

const Base& find_base(const Bases& bases, const ReleaseTree& release) {
  return *std::find_if(bases.begin(), bases.end(),
                       [&](const Base& base) { return base.release == &release; });
}

const diff::ApplicationChange& AppupEntry::change_from(const Base& base) const {
  return *base.diff.find(application);
}

std::vector<AppupEntry> entries_of(const Bases& bases, Atom application) {
  std::vector<AppupEntry> entries;
  for (const Base& base : bases) {
    const diff::ApplicationChange* change = base.diff.find(application);
    if (change == nullptr || !change->changes_version()) continue;
    auto entry = std::find_if(entries.begin(), entries.end(), [&](const AppupEntry& each) {
      return each.old_version == change->old_version;
    });
    if (entry == entries.end())
      entry = entries.insert(entry, AppupEntry{application, change->old_version, {}});
    entry->bases.push_back(&base);
  }
  return entries;
}

}  // namespace relup::generate
