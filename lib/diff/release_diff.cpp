// SPDX-License-Identifier: Apache-2.0
#include "diff/release_diff.hpp"

#include <algorithm>
#include <map>

#include "diff/application_details.hpp"
#include "diff/called_effects.hpp"
#include "diff/source_comparison.hpp"

namespace relup::diff {
namespace {

using release::ReleaseTree;
using release::TreeApplication;

ModuleFolder modules_of(const ReleaseTree& tree, const TreeApplication* application) {
  if (application == nullptr) return {};
  return {tree.reference.files, application->directory + "/ebin", application->beam_modules};
}

// What an application is in a release; none when the release does not have it.
std::optional<ApplicationPart> part_of(const ReleaseTree& tree,
                                       const TreeApplication* application) {
  if (application == nullptr) return std::nullopt;
  const release::Application* resolved = tree.release.find(application->name);
  return ApplicationPart{tree, *application, resolved->file};
}

ApplicationStatus status_of(const TreeApplication* old_files, const TreeApplication* new_files) {
  if (old_files == nullptr) return ApplicationStatus::added;
  if (new_files == nullptr) return ApplicationStatus::removed;
  const auto order = compare_versions(old_files->version, new_files->version);
  if (order < 0) return ApplicationStatus::upgraded;
  if (order > 0) return ApplicationStatus::downgraded;
  return old_files->version == new_files->version ? ApplicationStatus::unchanged
                                                  : ApplicationStatus::upgraded;
}

ApplicationChange compare_applications(const ReleaseTree& old_release,
                                       const ReleaseTree& new_release,
                                       const TreeApplication* old_files,
                                       const TreeApplication* new_files,
                                       std::vector<ModuleChange> modules) {
  ApplicationChange change{(new_files != nullptr ? new_files : old_files)->name,
                           status_of(old_files, new_files),
                           old_files == nullptr ? "" : old_files->version,
                           new_files == nullptr ? "" : new_files->version,
                           std::move(modules),
                           {},
                           {},
                           (new_files != nullptr ? new_files : old_files)->is_of_system};
  const auto was = part_of(old_release, old_files);
  const auto is = part_of(new_release, new_files);
  if (was && is) compare_details(*was, *is, change);
  if (is && change.status != ApplicationStatus::unchanged) {
    const std::vector<ApplicationDetail> faults = check_module_list(*is);
    change.details.insert(change.details.end(), faults.begin(), faults.end());
  }
  return change;
}

// Elixir's protocols, with their implementations built in.
ModuleFolder consolidated(const ReleaseTree& tree) {
  const std::string directory = tree.own_path("consolidated");
  return {tree.reference.files, directory, release::modules_in(*tree.reference.files, directory)};
}

// The files of an application are taken by their directory, so a release handler that knows the
// version already keeps the old ones (measured: `keep_old_files` of unpack_release).
Diagnostic same_version(const ApplicationChange& application, const ReleaseTree& new_release) {
  std::string modules;
  for (const ModuleChange& module : application.modules) {
    if (module.status == ModuleStatus::rebuilt) continue;
    modules += (modules.empty() ? "" : ", ") + module.name.name();
  }
  Diagnostic diagnostic;
  diagnostic.rule = "same-version-changed-code";
  diagnostic.code = "RU210";
  diagnostic.message = "the code of " + application.name.name() + " " + application.new_version +
                       " changed, but its version did not: " + modules;
  diagnostic.file =
      new_release.reference.files->place(new_release.find(application.name)->directory);
  diagnostic.notes.push_back("an upgrade would silently keep the old files; raise the version of " +
                             application.name.name());
  return diagnostic;
}

Diagnostic too_large(const ApplicationChange& application, Atom module, const ReleaseTree& to) {
  Diagnostic diagnostic;
  diagnostic.rule = "module-too-large";
  diagnostic.severity = Severity::note;
  diagnostic.message = module.name() +
                       " is too large to be read in full: what is said of its state and of the "
                       "children that it lists may not be all";
  diagnostic.file = to.reference.files->place(to.find(application.name)->directory + "/ebin/" +
                                              module.name() + ".beam");
  diagnostic.notes.emplace_back("say in the appup what its processes need");
  return diagnostic;
}

// An application in both releases; null where one does not have it.
struct Versions {
  const TreeApplication* old_files;
  const TreeApplication* new_files;
};

// In the order of the new release, removed ones last.
std::vector<Versions> pair_applications(const ReleaseTree& old_release,
                                        const ReleaseTree& new_release) {
  std::vector<Versions> pairs;
  for (const TreeApplication& application : new_release.applications)
    pairs.push_back({old_release.find(application.name), &application});
  for (const TreeApplication& application : old_release.applications) {
    if (new_release.find(application.name) == nullptr) pairs.push_back({&application, nullptr});
  }
  return pairs;
}

// A module that left one application and stands in another is compared with what it was there.
// `folders` are those of `applications`, in their order.
void find_moves(std::vector<ApplicationChange>& applications,
                const std::vector<FolderPair>& folders) {
  std::map<Atom, std::pair<std::size_t, ModuleChange*>> removed;
  for (std::size_t i = 0; i < applications.size(); ++i) {
    for (ModuleChange& module : applications[i].modules) {
      if (module.status == ModuleStatus::removed) removed[module.name] = {i, &module};
    }
  }
  for (std::size_t i = 0; i < applications.size(); ++i) {
    for (ModuleChange& module : applications[i].modules) {
      const auto found = removed.find(module.name);
      if (module.status != ModuleStatus::added || found == removed.end()) continue;
      const auto& [origin, left] = found->second;
      auto change =
          compare_module({folders[origin].old_folder, folders[i].new_folder}, module.name);
      if (change) module = std::move(*change);
      module.status = left->status = ModuleStatus::moved;
      module.moved_between = applications[origin].name;
      left->moved_between = applications[i].name;
    }
  }
}

}  // namespace

std::string_view to_string(ApplicationStatus status) {
  switch (status) {
    case ApplicationStatus::added:
      return "added";
    case ApplicationStatus::removed:
      return "removed";
    case ApplicationStatus::upgraded:
      return "upgraded";
    case ApplicationStatus::downgraded:
      return "downgraded";
    case ApplicationStatus::unchanged:
      break;
  }
  return "unchanged";
}

bool ApplicationChange::has_code_changes() const {
  return std::any_of(modules.begin(), modules.end(),
                     [](const auto& module) { return module.status != ModuleStatus::rebuilt; });
}

bool ApplicationChange::is_in_both() const {
  return status != ApplicationStatus::added && status != ApplicationStatus::removed;
}

bool ApplicationChange::changes_version() const {
  return status == ApplicationStatus::upgraded || status == ApplicationStatus::downgraded;
}

bool ApplicationChange::differs() const {
  return status != ApplicationStatus::unchanged || !modules.empty() || !details.empty();
}

bool ReleaseDiff::is_empty() const {
  return old_release.erts == new_release.erts && protocols.empty() && settings.empty() &&
         std::none_of(applications.begin(), applications.end(),
                      [](const auto& application) { return application.differs(); });
}

const ApplicationChange* ReleaseDiff::find(Atom application) const {
  const auto found =
      std::find_if(applications.begin(), applications.end(),
                   [&](const ApplicationChange& each) { return each.name == application; });
  return found == applications.end() ? nullptr : &*found;
}

ReleaseDiff compare_releases(const ReleaseTree& old_release, const ReleaseTree& new_release) {
  const auto identity = [](const ReleaseTree& tree) {
    return ReleaseIdentity{tree.name(), tree.version(), tree.release.rel.erts_version};
  };
  ReleaseDiff diff{identity(old_release), identity(new_release), {}, {}, {}, {}, {}};
  const std::vector<Versions> applications = pair_applications(old_release, new_release);
  std::vector<FolderPair> folders;
  for (const auto& [old_files, new_files] : applications)
    folders.push_back({modules_of(old_release, old_files), modules_of(new_release, new_files)});
  folders.push_back({consolidated(old_release), consolidated(new_release)});
  auto modules = compare_folders(folders);
  diff.protocols = std::move(modules.back());
  for (std::size_t i = 0; i < applications.size(); ++i) {
    const auto& [old_files, new_files] = applications[i];
    diff.applications.push_back(compare_applications(old_release, new_release, old_files, new_files,
                                                     std::move(modules[i])));
  }
  find_moves(diff.applications, folders);
  compare_sources(diff.applications);
  add_called_effects(new_release, diff.applications);
  compare_live_data(diff.applications);
  diff.settings = compare_settings(old_release, new_release);
  diff.configuration = compare_configuration(old_release, new_release);
  for (const ApplicationChange& application : diff.applications) {
    if (application.status == ApplicationStatus::unchanged && application.has_code_changes()) {
      diff.findings.push_back(same_version(application, new_release));
    }
    for (const ModuleChange& module : application.modules) {
      if (module.is_too_large)
        diff.findings.push_back(too_large(application, module.name, new_release));
    }
  }
  return diff;
}

}  // namespace relup::diff
