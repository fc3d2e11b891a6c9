// SPDX-License-Identifier: Apache-2.0
#include "diff_summary.hpp"

#include <algorithm>
#include <vector>

#include "base/words.hpp"

namespace relup::cmd {
namespace {

using diff::ApplicationChange;
using diff::ApplicationStatus;
using diff::ModuleChange;
using diff::ModuleStatus;

struct Count {
  std::size_t count;
  std::string_view verb;
};

// "3 applications upgraded, 1 added"; only the first number has the noun. Empty when nothing
// counts.
std::string enumerated(const std::string& noun, const std::vector<Count>& counts) {
  std::string text;
  for (const Count& each : counts) {
    if (each.count == 0) continue;
    text += text.empty() ? counted(each.count, noun) : ", " + std::to_string(each.count);
    text += " " + std::string(each.verb);
  }
  return text;
}

std::string applications_of(const diff::ReleaseDiff& diff) {
  std::vector<Count> counts;
  for (const auto status : {ApplicationStatus::upgraded, ApplicationStatus::downgraded,
                            ApplicationStatus::added, ApplicationStatus::removed}) {
    const auto count =
        std::count_if(diff.applications.begin(), diff.applications.end(),
                      [status](const ApplicationChange& each) { return each.status == status; });
    counts.push_back({static_cast<std::size_t>(count), diff::to_string(status)});
  }
  return enumerated("application", counts);
}

// A module that moved to another application is counted there, not where it was.
bool counts_as(const ModuleChange& module, ModuleStatus status) {
  return module.status == status && (status != ModuleStatus::moved || module.new_facts);
}

std::size_t count_modules(const diff::ReleaseDiff& diff, ModuleStatus status) {
  std::size_t count = 0;
  for (const ApplicationChange& application : diff.applications) {
    if (!application.is_in_both() && status != ModuleStatus::moved) continue;
    for (const ModuleChange& module : application.modules)
      count += counts_as(module, status) ? 1 : 0;
  }
  return count;
}

std::string modules_of(const diff::ReleaseDiff& diff) {
  return enumerated("module", {{count_modules(diff, ModuleStatus::changed), "changed"},
                               {count_modules(diff, ModuleStatus::added), "added"},
                               {count_modules(diff, ModuleStatus::removed), "removed"},
                               {count_modules(diff, ModuleStatus::moved), "moved"},
                               {count_modules(diff, ModuleStatus::rebuilt), "only rebuilt"}});
}

bool has_one_identity(const diff::ReleaseDiff& diff) {
  return diff.old_release.name == diff.new_release.name &&
         diff.old_release.version == diff.new_release.version;
}

std::string title_of(const diff::ReleaseDiff& diff) {
  const std::string from = diff.old_release.name + " " + diff.old_release.version;
  const std::string name =
      diff.old_release.name == diff.new_release.name ? "" : diff.new_release.name + " ";
  return from + " -> " + name + diff.new_release.version;
}

}  // namespace

std::string summary_of(const diff::ReleaseDiff& diff) {
  if (diff.is_empty()) {
    return has_one_identity(diff)
               ? diff.old_release.name + " " + diff.old_release.version + ": nothing differs"
               : title_of(diff) + ": nothing but the version differs";
  }
  const std::string applications = applications_of(diff);
  const std::string modules = modules_of(diff);
  const std::string between = applications.empty() || modules.empty() ? "" : "; ";
  const std::string all = applications + between + modules;
  return title_of(diff) + ": " + (all.empty() ? "no application and no module differs" : all);
}

}  // namespace relup::cmd
