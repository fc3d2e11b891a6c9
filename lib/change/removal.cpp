// SPDX-License-Identifier: Apache-2.0
#include "change/removal.hpp"

#include "change/still_worth_it.hpp"
#include "host/launcher.hpp"

namespace relup::change {

void remove_release(const host::Host& host, const ChangeTools& tools, NodeSession& session,
                    Preparation& preparation, const std::string& version) {
  // Without RELEASES the node believes that the running release has no libraries of its own, and
  // would delete them with the old one.
  preparation.settle();
  const Objections objections = against_removal_of(version, session.releases());
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
