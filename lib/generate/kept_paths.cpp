// SPDX-License-Identifier: Apache-2.0
#include "generate/kept_paths.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "beam/file/beam_file.hpp"

namespace relup::generate {
namespace {

using release::ReleaseTree;
using release::TreeApplication;

bool asks_for_place(const ReleaseTree& tree, const TreeApplication& application, Atom module) {
  const std::string path = ReleaseTree::beam_path(application, module);
  const std::vector<beam::Import> imports =
      beam::BeamFile(path, tree.reference.files->read(path)).imports();
  return std::any_of(imports.begin(), imports.end(), [](const beam::Import& each) {
    return each.module == "code" && (each.function == "priv_dir" || each.function == "lib_dir");
  });
}

}  // namespace

std::vector<std::string> kept_path_notes(const ReleaseTree& from, const ReleaseTree& to) {
  std::vector<std::string> notes;
  for (const TreeApplication& application : from.applications) {
    const TreeApplication* next = to.find(application.name);
    const bool stays = next != nullptr && next->version == application.version;
    if (application.is_of_system || stays) continue;
    std::vector<std::string> modules;
    for (const Atom module : application.beam_modules) {
      if (asks_for_place(from, application, module)) modules.push_back(module.name());
    }
    if (modules.empty()) continue;
    notes.push_back("a path to priv or to other files of " + application.name.name() + " " +
                    application.version + " that a process keeps leads to " +
                    application.directory + " after the change, too, and to nothing once " +
                    from.version() + " is removed; its code asks for such a path in " +
                    joined(modules));
  }
  return notes;
}

void report_kept_paths(const Bases& bases, const ReleaseTree& new_release, FindingList& findings) {
  for (const Base& base : bases) {
    for (std::string& each : kept_path_notes(*base.release, new_release))
      findings.add(make_finding("kept-path", Severity::note, std::move(each)));
  }
}

}  // namespace relup::generate
