// SPDX-License-Identifier: Apache-2.0
#include "change/removal.hpp"

#include "change/admission.hpp"
#include "change/objections.hpp"
#include "change/release_users.hpp"
#include "change/still_worth_it.hpp"
#include "host/removal.hpp"

namespace relup::change {

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
  try {
    if (is_known) live::ReleaseHandler(session.channel()).set_removed(version);
  } catch (const node::NodeError&) {
    session.tell_if_died("in the removal of " + version);
    throw;
  }
  host::remove_release(tools.files, book.disk, removal);
  step.done();
}

}  // namespace relup::change
