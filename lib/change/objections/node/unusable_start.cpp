// SPDX-License-Identifier: Apache-2.0
//
// A release that does not start is no release to go to: the node would run it until its next
// restart, and that would be its last.

#include "change/objections.hpp"
#include "change/start_trial.hpp"

namespace relup::change::by_node {

Objections unusable_start(const NodeView& view) {
  if (view.change == nullptr) return {};
  const ProposedChange& change = *view.change;
  const bool is_packed = change.source == ReleaseSource::tarball;
  const live::Rehearsal rehearsal =
      try_start(view.agent, view.agent.host(), change.new_release,
                is_packed ? change.old_release : change.new_release,
                is_packed ? std::nullopt : view.findings.configuration, view.interruption);
  if (rehearsal.end != live::Rehearsal::End::fails) return {};
  const Error error = Error(ErrorCode::answer_is_no, failed_start(change.to, rehearsal))
                          .with_hint("mend its vm.args or its boot file, and pack it again");
  return {object<ReportedObjection>(ObjectionKind::unusable_start, error)};
}

}  // namespace relup::change::by_node
