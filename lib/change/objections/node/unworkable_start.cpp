// SPDX-License-Identifier: Apache-2.0
//
// A release that does not start is no release to go to: the node would run it until its next
// restart, and that would be its last. unusable_configuration has begun the try.

#include "change/objections.hpp"
#include "change/start_trial.hpp"

namespace relup::change::by_node {

Objections unworkable_start(const NodeView& view) {
  if (!view.findings.start) return {};
  const live::Rehearsal rehearsal = view.findings.start->end(view.interruption);
  view.findings.tried_start = rehearsal;
  if (rehearsal.end != live::Rehearsal::End::fails) return {};
  const Error error = Error(ErrorCode::answer_is_no, failed_start(view.change->to, rehearsal))
                          .with_hint("mend its vm.args or its boot file, and pack it again");
  return {object<ReportedObjection>(ObjectionKind::unusable_start, error)};
}

}  // namespace relup::change::by_node
