// SPDX-License-Identifier: Apache-2.0
#include "change/removal.hpp"

#include "change/admission.hpp"
#include "change/guarded.hpp"
#include "change/objections.hpp"
#include "change/release_users.hpp"
#include "change/still_worth_it.hpp"
#include "host/removal.hpp"
#include "host/removed_paths.hpp"

namespace relup::change {
namespace {

std::vector<std::string> paths_of(const host::Removal& removal) {
  std::vector<std::string> paths = removal.libraries;
  if (removal.emulator) paths.push_back(*removal.emulator);
  paths.insert(paths.end(), {removal.launcher, removal.release});
  return paths;
}

}  // namespace

void remove_release(const host::Host& host, const ChangeTools& tools, NodeSession& session,
                    Preparation& preparation, const std::string& version) {
  const ReleaseBook book = preparation.settle();
  const Releases releases = releases_in(book);
  const bool is_known = live::find_release(releases, version) != nullptr;
  // What a removal that was cut off has left is there and not known.
  Objections objections;
  if (is_known || book.disk.find(version) == nullptr)
    objections = against_removal_of(version, releases);
  if (!objections.empty()) throw refusal("the removal of " + version, objections);
  host::Removal removal = host::removal_of(tools.files, book.disk, book.releases, version);
  objections = foreign_folders(tools.files, host, removal.folders());
  append(objections, against_deleting(tools.files, session.agent(), book, version, removal));
  if (!objections.empty()) throw refusal("the removal of " + version, objections);
  stop_if_interrupted(tools);
  Step step(tools.progress, tools.clock, "remove", version);
  tools.journal->decide({"", "", version, paths_of(removal)});
  try {
    if (is_known) {
      guarded(tools, host, [&] { live::ReleaseHandler(session.channel()).set_removed(version); });
    }
  } catch (const node::NodeError&) {
    session.tell_if_died("in the removal of " + version);
    throw;
  }
  host::remove_paths(tools.files, host.root, paths_of(removal));
  step.done();
}

}  // namespace relup::change
