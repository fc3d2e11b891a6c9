// SPDX-License-Identifier: Apache-2.0
#include "change/coming_up.hpp"

namespace relup::change {
namespace {

using State = node::NodeLife::State;

constexpr Milliseconds poll_interval{250};
constexpr Milliseconds short_while{50};
constexpr Milliseconds status_patience{5'000};

void tell_of_waiting(const ChangeTools& tools, const std::string& what) {
  tools.progress.report({"install", StepState::waiting, what, Milliseconds{0}});
}

// None as long as the node is not up.
std::optional<std::string> version_that_runs(NodeSession& session) {
  try {
    session.reconnect();
    const Term status = session.channel().call("init", "get_status", {}, status_patience);
    const Releases releases = session.releases();
    const live::KnownRelease* now = live::running_release(releases);
    if ((*status.as_tuple())[0].is_atom("started") && now != nullptr) return now->version;
  } catch (const Error&) {
    // Still down, or on its way up.
  }
  return std::nullopt;
}

}  // namespace

Milliseconds pause_before_next_look(State life) {
  return life == State::gone ? short_while : poll_interval;
}

void wait_for_restart(NodeSession& session, const ChangeTools& tools) {
  const auto deadline = tools.clock.steady() + restart_patience;
  tell_of_waiting(tools, "until the node has restarted");
  while (session.node_restart() != NodeRestart::yes && tools.clock.steady() < deadline &&
         session.life() != State::dead) {
    tools.clock.sleep(poll_interval);
    try {
      session.reconnect();
    } catch (const Error&) {
      // It goes down, or comes up.
    }
  }
}

bool comes_up(NodeSession& session, const ChangeTools& tools, const std::string& version) {
  const auto deadline = tools.clock.steady() + restart_patience;
  bool is_told = false;
  while (tools.clock.steady() < deadline && session.life() != State::dead) {
    if (const auto running = version_that_runs(session)) return *running == version;
    if (!is_told) tell_of_waiting(tools, "until the node is up");
    is_told = true;
    tools.clock.sleep(pause_before_next_look(session.life()));
  }
  return false;
}

}  // namespace relup::change
