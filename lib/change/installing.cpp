// SPDX-License-Identifier: Apache-2.0
#include "change/installing.hpp"

#include "base/error.hpp"
#include "base/words.hpp"
#include "change/coming_up.hpp"
#include "host/guarded_files.hpp"
#include "host/relup_file.hpp"
#include "live/suspend_timeout.hpp"

namespace relup::change {
namespace {

using Install = live::AgentVerbs::Install;
using InstallState = live::AgentVerbs::InstallState;

// "12 processes through code_change, pause 4.1 ms"
std::string in_words(const live::InstallReport& report) {
  std::size_t changed = 0;
  for (const auto& each : report.changed)
    changed += each.processes;
  const auto tenths = (report.pause.count() + 50) / 100;
  return (changed == 1 ? "1 process" : std::to_string(changed) + " processes") +
         " through code_change, pause " + std::to_string(tenths / 10) + "." +
         std::to_string(tenths % 10) + " ms";
}

// Those who run the new code with the state of the old one.
void note_missed(const live::InstallReport& report, Outcome& outcome) {
  for (const auto& each : report.missed) {
    outcome.notes.push_back("these processes have not been through code_change of " +
                            each.module.name() + ": " + joined(each.processes) + "; restart them");
  }
}

}  // namespace

live::InstallOrder Installing::order(const std::string& from, const std::string& version) const {
  live::InstallOrder order{version, std::nullopt, wishes_.may_kill, wishes_.quiesce};
  const auto script = host::find_script_on(tools_.files, host_, from, version);
  if (wishes_.engine == Engine::relup && script && !script->restarts_emulator)
    order.script =
        live::with_suspend_timeout(script->instructions, tools_.settings.suspend_timeout.value);
  return order;
}

InstallState Installing::ask(const std::string& from, const std::string& version, Step& step) {
  host::GuardedFiles guard(tools_.files, host_.root, *tools_.journal);
  guard.keep();
  tools_.journal->about_to_install();
  try {
    session_.agent().begin_install(order(from, version));
  } catch (const node::NodeError& error) {
    if (error.delivery() != node::Delivery::unknown) throw;
    session_.drop();
  }
  InstallState state = wait(version, step);
  if (state.install == Install::done) guard.settle();
  return state;
}

InstallState Installing::wait(const std::string& version, Step& step) {
  Clock& clock = tools_.clock;
  auto silence_ends = clock.steady() + restart_patience;
  for (;;) {
    try {
      if (!session_.is_connected()) session_.reconnect();
      InstallState state =
          session_.agent().install_state(version, [&](const std::string& line) { step.say(line); });
      if (state.install != Install::running) return state;
      silence_ends = clock.steady() + restart_patience;
    } catch (const node::NodeError&) {
      session_.drop();
      const node::NodeLife::State life = session_.life();
      if (life == node::NodeLife::State::dead || clock.steady() >= silence_ends) throw;
      clock.sleep(pause_before_next_look(life));
    }
  }
}

InstallState Installing::ask_or_explain(const Outcome& outcome, Step& step) {
  const std::string& from = outcome.from;
  const std::string& version = outcome.to;
  try {
    InstallState state = ask(from, version, step);
    if (state.install == Install::done || comes_up(session_, tools_, version)) return state;
    throw Error(ErrorCode::unavailable, "the node did not come back with " + version);
  } catch (const live::InstallError& error) {
    if (error.failure() == live::InstallFailure::not_begun)
      failed_.explain_not_begun(from, version, error);
    if (error.failure() == live::InstallFailure::restarting) wait_for_restart(session_, tools_);
    failed_.explain(from, version, error);
  } catch (const Error& error) {
    failed_.explain(from, version, error);
  }
}

void Installing::install(Outcome& outcome) {
  Step step(tools_.progress, tools_.clock, "install", outcome.from + " -> " + outcome.to);
  const InstallState state = ask_or_explain(outcome, step);
  if (state.report) note_missed(*state.report, outcome);
  outcome.notes.insert(outcome.notes.end(), state.remarks.begin(), state.remarks.end());
  step.done(state.report ? in_words(*state.report) : "");
}

}  // namespace relup::change
