// SPDX-License-Identifier: Apache-2.0
#include "change/node_session.hpp"

#include "base/error.hpp"
#include "host/kept_files.hpp"

namespace relup::change {

void NodeSession::open() {
  Step step(tools_.progress, tools_.clock, "connect", "to the node");
  reconnect();
  refuse_if_job_runs();
  host::restore_files(tools_.files, host_);
  step.done(channel_->node_name());
}

// The work of a relup that was killed goes on, and its files are not ours to touch. Of work that is
// done, the releases of the node tell what it did.
void NodeSession::refuse_if_job_runs() {
  const auto job = agent_->unheard_job();
  const Objections objections = unfinished_job(job);
  if (!objections.empty()) throw refusal("the work", objections);
  if (job) agent_->forget_job();
}

void NodeSession::reconnect() {
  agent_.reset();
  channel_ = tools_.connect();
  agent_ = std::make_unique<live::AgentVerbs>(*channel_, host_);
}

const live::KnownRelease& NodeSession::running(const Releases& releases) const {
  if (const live::KnownRelease* release = live::running_release(releases)) return *release;
  throw Error(ErrorCode::bad_input, "the node " + channel_->node_name() + " runs no release");
}

}  // namespace relup::change
