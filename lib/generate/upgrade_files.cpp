// SPDX-License-Identifier: Apache-2.0
#include "generate/upgrade_files.hpp"

#include <algorithm>

#include "appup/appup_name.hpp"
#include "appup/appup_text.hpp"
#include "base/error.hpp"
#include "generate/written_appups.hpp"
#include "term/printer.hpp"

namespace relup::generate {
namespace {

using release::ReleaseTree;
using release::TreeApplication;

// Relative to the root of the release.
std::string path_in_tree(const TreeApplication& application) {
  return appup::appup_path(application.directory, application.name);
}

std::string name_with_version(const TreeApplication& application) {
  return appup::appup_name(application.name, application.version);
}

std::string appup_path(const UpgradePlaces& places, const ReleaseTree& new_release,
                       const TreeApplication& application) {
  if (!places.out.empty()) return join_path(places.out, name_with_version(application));
  return new_release.reference.files->place(path_in_tree(application));
}

std::string relup_path(const UpgradePlaces& places, const ReleaseTree& new_release) {
  if (!places.out.empty()) return join_path(places.out, "relup");
  return new_release.reference.files->place(new_release.own_path("relup"));
}

// Those of an application, each once.
std::vector<std::string> versions_in(const std::vector<const ReleaseTree*>& releases,
                                     Atom application) {
  std::vector<std::string> versions;
  for (const ReleaseTree* release : releases) {
    const TreeApplication* found = release->find(application);
    const bool is_new = found != nullptr && std::find(versions.begin(), versions.end(),
                                                      found->version) == versions.end();
    if (is_new) versions.push_back(found->version);
  }
  return versions;
}

std::optional<EditedAppup> if_edited(const std::string& path, std::optional<std::string> text) {
  if (!text || appup::authorship(*text) != appup::Authorship::edited) return std::nullopt;
  return EditedAppup{path, std::move(*text), EditedAppup::Use::merge};
}

}  // namespace

std::optional<EditedAppup> find_edited_appup(FileSystem& files, const UpgradePlaces& places,
                                             const std::vector<const ReleaseTree*>& old,
                                             const ReleaseTree& new_release,
                                             const TreeApplication& application) {
  if (!places.appups.empty()) {
    auto written =
        find_written_appup(files, places.appups, application, versions_in(old, application.name));
    if (written) return written;
  }
  if (!places.out.empty()) {
    const std::string path = appup_path(places, new_release, application);
    if (auto edited = if_edited(path, files.read_if_exists(path))) return edited;
  }
  const release::ReleaseFiles& tree = *new_release.reference.files;
  const std::string path = path_in_tree(application);
  return if_edited(tree.place(path), tree.read_if_exists(path));
}

std::vector<OutputFile> output_files(const Generated& generated, const UpgradePlaces& places,
                                     const ReleaseTree& new_release) {
  std::vector<OutputFile> outputs;
  for (const GeneratedAppup& appup : generated.appups) {
    const TreeApplication& application = *new_release.find(appup.application);
    outputs.push_back({appup_path(places, new_release, application), appup.text});
  }
  outputs.push_back({relup_path(places, new_release), term_file(to_term(*generated.relup))});
  return outputs;
}

bool is_up_to_date(FileSystem& files, const OutputFile& output) {
  return files.read_if_exists(output.path) == output.text;
}

void require_appups(FileSystem& files, const UpgradePlaces& places) {
  if (places.appups.empty() || files.is_directory(places.appups)) return;
  throw Error(ErrorCode::usage, "there is no folder " + places.appups)
      .with_hint("--appups names the folder of hand-written appups");
}

void require_writable(FileSystem& files, const UpgradePlaces& places,
                      const ReleaseTree& new_release) {
  const std::string& root = new_release.reference.files->name();
  if (!places.out.empty() || files.is_directory(root)) return;
  throw Error(ErrorCode::usage, "cannot write into the tarball " + root)
      .with_hint("name a directory with --out");
}

}  // namespace relup::generate
