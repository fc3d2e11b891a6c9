// SPDX-License-Identifier: Apache-2.0
#include "change/node_session.hpp"

#include "base/error.hpp"
#include "change/right_root.hpp"
#include "host/kept_files.hpp"
#include "host/ownership.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds restless{1'000};
constexpr Milliseconds short_while{50};

}  // namespace

void NodeSession::open() {
  Step step(tools_.progress, tools_.clock, "connect", "to the node");
  reconnect();
  refuse_if_elsewhere();
  refuse_if_job_runs();
  host::restore_files(tools_.files, host_);
  host::take_over_files(tools_.files, host_);
  step.done(channel_->node_name());
}

void NodeSession::refuse_if_elsewhere() {
  const Objections objections = against_place(tools_.files, host_, node_name_, agent_->place());
  if (!objections.empty()) throw refusal("the work", objections);
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
  latest_.reset();
  channel_ = tools_.connect();
  agent_ = std::make_unique<live::AgentVerbs>(*channel_, host_);
  meet();
}

void NodeSession::meet() {
  const live::Incarnation node = agent_->incarnation();
  node_name_ = channel_->node_name();
  os_pid_ = node::pid_on_host(tools_.files, "/proc", node.os_pid, node.pid_namespace);
  life_.follow(os_pid_);
  if (!first_) first_ = node.term;
  latest_ = node.term;
}

node::NodeLife::State NodeSession::fate() {
  using State = node::NodeLife::State;
  const auto deadline = tools_.clock.steady() + restless;
  State state = life();
  // A process that is being killed loses its lines before it is gone.
  while (state == State::gone || (state == State::lives && tools_.clock.steady() < deadline)) {
    if (state == State::lives && answers()) break;
    tools_.clock.sleep(short_while);
    state = life();
  }
  return state;
}

void NodeSession::tell_if_died(const std::string& under_way) {
  using State = node::NodeLife::State;
  const State state = fate();
  if (state != State::dead && state != State::restarted) return;
  throw node_died(tools_.files, host_, node_name_, under_way,
                  state == State::dead ? StartedAgain::no : StartedAgain::yes);
}

bool NodeSession::answers() {
  try {
    reconnect();
    return true;
  } catch (const Error&) {
    return false;
  }
}

NodeRestart NodeSession::node_restart() const {
  if (!first_ || !latest_) return NodeRestart::unknown;
  return *first_ == *latest_ ? NodeRestart::no : NodeRestart::yes;
}

const live::KnownRelease& NodeSession::running(const Releases& releases) const {
  if (const live::KnownRelease* release = live::running_release(releases)) return *release;
  throw Error(ErrorCode::bad_input, "the node " + channel_->node_name() + " runs no release");
}

}  // namespace relup::change
