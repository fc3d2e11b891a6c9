// SPDX-License-Identifier: Apache-2.0
#include "change/removal.hpp"

#include <algorithm>

#include "change/objections.hpp"
#include "change/still_worth_it.hpp"
#include "host/launcher.hpp"

namespace relup::change {
namespace {

// What the node deletes: the release, and the libraries that no other release has.
std::vector<std::string> folders_of(const std::string& version, const Releases& releases) {
  std::vector<std::string> folders{"releases/" + version};
  const live::KnownRelease* release = live::find_release(releases, version);
  if (release == nullptr) return folders;
  for (const std::string& library : release->libraries) {
    const bool is_shared = std::any_of(releases.begin(), releases.end(), [&](const auto& each) {
      const auto& libraries = each.libraries;
      return each.version != version &&
             std::find(libraries.begin(), libraries.end(), library) != libraries.end();
    });
    if (!is_shared) folders.push_back("lib/" + library);
  }
  return folders;
}

}  // namespace

void remove_release(const host::Host& host, const ChangeTools& tools, NodeSession& session,
                    Preparation& preparation, const std::string& version) {
  // Without RELEASES the node believes that the running release has no libraries of its own, and
  // would delete them with the old one.
  preparation.settle();
  const Releases releases = session.releases();
  Objections objections = against_removal_of(version, releases);
  append(objections, foreign_folders(tools.files, host, folders_of(version, releases)));
  if (!objections.empty()) throw refusal("the removal of " + version, objections);
  stop_if_interrupted(tools);
  Step step(tools.progress, tools.clock, "remove", version);
  try {
    session.agent().remove(version);
  } catch (const node::NodeError&) {
    session.tell_if_died("in the removal of " + version);
    throw;
  }
  tools.files.remove_all(host.path(host::launcher_of(host.name, version)));
  step.done();
}

}  // namespace relup::change
