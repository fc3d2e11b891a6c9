// SPDX-License-Identifier: Apache-2.0
#include "change/objections.hpp"

namespace relup::change {

Judgement judge_by_files(const ChangeRequest& request, const Releases& releases,
                         const host::Host& host, const ReadingTools& tools) {
  Judgement judgement;
  judgement.objections = against_change_to(request.version, releases);
  const live::KnownRelease* running = live::running_release(releases);
  if (running == nullptr || running->version == request.version) return judgement;
  Proposal proposal = propose(request, releases, host, tools);
  append(judgement.objections, std::move(proposal.objections));
  judgement.change = std::move(proposal.change);
  if (judgement.change) {
    append(judgement.objections,
           objections_of_files({tools.files, host, request, *judgement.change, tools.checkpoint}));
  }
  return judgement;
}

}  // namespace relup::change
