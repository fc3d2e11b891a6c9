// SPDX-License-Identifier: Apache-2.0
#include "change/installer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/words.hpp"
#include "change/aftermath.hpp"
#include "change/draining.hpp"
#include "change/failed_change.hpp"
#include "host/kept_files.hpp"
#include "host/launcher.hpp"
#include "live/loaded_code.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds restart_patience{90'000};
constexpr Milliseconds line_patience{10'000};
constexpr Milliseconds poll_interval{250};
constexpr Milliseconds short_while{50};

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

Installer::Installer(host::Host host, ChangeTools tools)
    : host_(std::move(host)),
      tools_(std::move(tools)),
      session_(host_, tools_),
      preparation_(host_, tools_, session_),
      ending_(host_, tools_, session_) {}

std::unique_ptr<FileLock> Installer::lock() {
  const std::string path = lock_path(host_);
  std::unique_ptr<FileLock> lock = tools_.files.try_lock(path, tools_.holder);
  if (lock) return lock;
  throw refusal("the work", another_relup(host_, tools_.files.read_if_exists(path).value_or("")));
}

void Installer::connect() {
  stop_if_interrupted();
  session_.open();
}

// As long as nothing was changed that is not taken back.
void Installer::stop_if_interrupted() {
  if (const auto signal = tools_.interruption.signal())
    throw Interrupted(*signal, "nothing was changed");
}

Outcome Installer::change(const ChangeRequest& request) {
  const std::unique_ptr<FileLock> held = lock();
  engine_ = request.engine;
  may_kill_ = request.end.kill;
  quiesce_ = request.quiesce;
  outcome_ = Outcome{"", request.version, false, {}};
  connect();
  host::ScriptSummary script;
  try {
    script = prepare(request, outcome_);
  } catch (const Error& error) {
    undo_and_tell(request.version, error);
    throw;
  }
  install(outcome_);
  over_any_line("after the install of " + outcome_.to + ", which was being proved",
                [&] { prove(outcome_.from, outcome_.to); });
  preparation_.keep();
  finish(request, &script, outcome_);
  outcome_.node_restart = session_.node_restart();
  return outcome_;
}

void Installer::undo_and_tell(const std::string& version, const Error& error) {
  const bool is_dead = dynamic_cast<const node::NodeError*>(&error) != nullptr &&
                       session_.fate() == node::NodeLife::State::dead;
  const Left left = preparation_.undo(version);
  if (is_dead) throw node_died_before(tools_.files, host_, session_.node_name(), version, left);
  const auto* interruption = dynamic_cast<const Interrupted*>(&error);
  if (interruption == nullptr || left == Left::nothing) return;
  throw Interrupted(interruption->signal(),
                    "the running release was not touched, but what was prepared for " + version +
                        " could not all be taken back");
}

void Installer::tell_if_node_died(const std::string& under_way) {
  using State = node::NodeLife::State;
  const State fate = session_.fate();
  if (fate != State::dead && fate != State::restarted) return;
  throw node_died(tools_.files, host_, session_.node_name(), under_way,
                  fate == State::dead ? StartedAgain::no : StartedAgain::yes);
}

// When the line breaks after the install and the node lives, another one is looked for, and the
// work begins anew.
void Installer::over_any_line(const std::string& under_way, const std::function<void()>& work) {
  for (;;) {
    try {
      return work();
    } catch (const node::NodeError& error) {
      tell_if_node_died(under_way);
      find_line_again(error, outcome_);
    }
  }
}

// What happens from here on leaves the new release in the node, unless a probe takes it back.
void Installer::finish(const ChangeRequest& request, const host::ScriptSummary* script,
                       Outcome& outcome) {
  try {
    over_any_line("after the install of " + outcome.to + ", before the commit was done",
                  [&] { end(request, script, outcome); });
  } catch (const ProbeFailed& failure) {
    take_back(outcome, failure);
  }
}

void Installer::end(const ChangeRequest& request, const host::ScriptSummary* script,
                    Outcome& outcome) {
  ending_.stop_if_interrupted(outcome);
  try {
    let_node_go_back(request);
  } catch (const node::NodeError&) {
    throw;
  } catch (const Error& error) {
    throw uncommitted(outcome, error.message());
  }
  Probing probing(tools_, session_, request.probes, outcome.to);
  probing.ask();
  ending_.stop_if_interrupted(outcome);
  if (request.commit == CommitWhen::later) return;
  ending_.drain(script, request.end, probing, outcome);
  probing.ask();
  ending_.stop_if_interrupted(outcome);
  ending_.make_permanent(outcome);
}

// The time to confirm the change begins; again after the install, which may have taken long.
void Installer::let_node_go_back(const ChangeRequest& request) {
  if (!request.confirm_within) return;
  const auto back = host::find_script_on(tools_.files, host_, outcome_.to, outcome_.from);
  session_.agent().confirm_within({outcome_.to, outcome_.from, *request.confirm_within},
                                  order(outcome_.to, outcome_.from),
                                  back ? back->purged_brutally_before : std::vector<Atom>());
}

// The node may have been restarted while the line was gone, and then it runs the old release.
void Installer::find_line_again(const node::NodeError& cause, const Outcome& outcome) {
  if (cause.delivery() == node::Delivery::answered)
    throw uncommitted(outcome, "the node fails").because_of(cause);
  const auto deadline = tools_.clock.steady() + line_patience;
  for (;;) {
    try {
      session_.reconnect();
      if (session_.running(session_.releases()).version == outcome.to) return;
      explain_failed_install(outcome.from, outcome.to, cause);
    } catch (const node::NodeError& error) {
      session_.drop();
      const bool is_gone = error.failure() == node::NodeFailure::not_registered ||
                           error.failure() == node::NodeFailure::not_listening;
      if (is_gone) explain_failed_install(outcome.from, outcome.to, cause);
      if (tools_.clock.steady() >= deadline || tools_.interruption.signal())
        throw uncommitted(outcome, "the line to the node is lost").because_of(error);
      tools_.clock.sleep(poll_interval);
    }
  }
}

// Back to the old release, which a probe or a proof wants. That must not kill anybody either.
void Installer::take_back(const Outcome& outcome, const Error& cause) {
  Step step(tools_.progress, tools_.clock, "back", outcome.to + " -> " + outcome.from);
  try {
    make_room_for_going_back(outcome, cause);
    ask_to_install(outcome.to, outcome.from, step);
    step.done();
  } catch (const Error& failure) {
    if (failure.code() == ErrorCode::uncommitted) throw;
    // explain_failed_install looks at where this has led.
  }
  explain_failed_install(outcome.from, outcome.to, cause);
}

void Installer::make_room_for_going_back(const Outcome& outcome, const Error& cause) {
  const auto script = host::find_script_on(tools_.files, host_, outcome.to, outcome.from);
  if (!script) return;
  std::vector<Atom> modules = script->purged_brutally_before;
  modules.insert(modules.end(), script->purged_softly.begin(), script->purged_softly.end());
  const std::vector<live::OldCode> still =
      wait_for_old_code(session_.agent(), tools_.clock, modules, EndRequest().drain_timeout,
                        tools_.interruption)
          .still;
  if (still.empty() && session_.agent().purge_softly(modules).empty()) return;
  throw uncommitted(outcome, cause.message() +
                                 "; going back has to wait for processes in old code, or would "
                                 "kill them: " +
                                 census(still))
      .with_hint("`relup rollback` when they are done; `relup rollback " + kill_options(still) +
                 "` kills them");
}

// Everything before the install. What it does is undone when it fails.
host::ScriptSummary Installer::prepare(const ChangeRequest& request, Outcome& outcome) {
  preparation_.settle();
  const Releases releases = session_.releases();
  if (const auto* running = live::running_release(releases)) outcome.from = running->version;
  stop_if_interrupted();
  ProposedChange change = accept(request, releases);
  outcome.notes = change.warnings;
  stop_if_interrupted();
  preparation_.make_ready(change);
  stop_if_interrupted();
  check(change, outcome);
  note_other_code(*change.script, outcome);
  preparation_.boot_what_is_permanent(releases);
  if (!request.confirm_within) session_.agent().call_off_confirmation();
  let_node_go_back(request);
  stop_if_interrupted();
  ending_.clear_the_way(*change.script, may_kill_, outcome);
  return *change.script;
}

// The change, when the files allow it. Where they do not, the node is asked as well, so that the
// operator hears of everything at once; where they do, it is asked when they are in place, shortly
// before the install, since what processes do changes by the moment.
ProposedChange Installer::accept(const ChangeRequest& request, const Releases& releases) {
  Judgement judgement =
      judge_by_files(request, releases, host_, {tools_.files, tools_.clock, tools_.progress});
  if (judgement.objections.empty()) return *std::move(judgement.change);
  if (judgement.change) {
    const ProposedChange& change = *judgement.change;
    NodeFindings findings;
    append(judgement.objections,
           ask_node(change.script ? &*change.script : nullptr, &change, findings));
  }
  throw refusal("the change to " + request.version, judgement.objections);
}

Objections Installer::ask_node(const host::ScriptSummary* script, const ProposedChange* change,
                               NodeFindings& findings) {
  Objections objections = objections_of_node({session_.channel(), session_.agent(), tools_.clock,
                                              script, change, findings, engine_, live::Depth::quick,
                                              &quiesce_, may_kill_, tools_.interruption});
  stop_if_interrupted();
  return objections;
}

void Installer::check(const ProposedChange& change, Outcome& outcome) {
  Step step(tools_.progress, tools_.clock, "check", "with the release handler");
  const host::ScriptSummary& script = *change.script;
  NodeFindings findings;
  const Objections objections = ask_node(&script, &change, findings);
  outcome.notes.insert(outcome.notes.end(), findings.notes.begin(), findings.notes.end());
  configuration_ = findings.configuration;
  if (!objections.empty()) throw refusal("the change to " + change.to, objections);
  try {
    session_.agent().check_install(change.to);
  } catch (const live::ReleaseHandlerError& error) {
    // The check runs what stands before the point of no return, and that has crashed.
    if (error.reason().is_tagged("EXIT", 2)) explain_failed_install(change.from, change.to, error);
    throw;
  }
  step.done(counted(script.loaded.size(), "module") + " to load, processes of " +
            counted(script.suspended.size(), "module") + " to suspend");
}

// What the node is asked for: the script that its release handler would take.
live::InstallOrder Installer::order(const std::string& from, const std::string& version) {
  live::InstallOrder order{version, std::nullopt, may_kill_, quiesce_};
  const auto script = host::find_script_on(tools_.files, host_, from, version);
  if (engine_ == Engine::relup && script && !script->restarts_emulator)
    order.script = script->instructions;
  return order;
}

live::AgentVerbs::InstallState Installer::ask_to_install(const std::string& from,
                                                         const std::string& version, Step& step) {
  try {
    session_.agent().begin_install(order(from, version));
  } catch (const node::NodeError& error) {
    if (error.delivery() != node::Delivery::unknown) throw;
    session_.drop();
  }
  return wait_for_install(version, step);
}

// The install goes on when the line breaks, and its end can be asked for over a new one.
live::AgentVerbs::InstallState Installer::wait_for_install(const std::string& version, Step& step) {
  Clock& clock = tools_.clock;
  auto silence_ends = clock.steady() + restart_patience;
  for (;;) {
    try {
      if (!session_.is_connected()) session_.reconnect();
      live::AgentVerbs::InstallState state =
          session_.agent().install_state(version, [&](const std::string& line) { step.say(line); });
      if (state.install != live::AgentVerbs::Install::running) return state;
      silence_ends = clock.steady() + restart_patience;
    } catch (const node::NodeError&) {
      session_.drop();
      const node::NodeLife::State life = session_.life();
      if (life == node::NodeLife::State::dead || clock.steady() >= silence_ends) throw;
      clock.sleep(life == node::NodeLife::State::gone ? short_while : poll_interval);
    }
  }
}

void Installer::install(Outcome& outcome) {
  const std::string& from = outcome.from;
  const std::string& version = outcome.to;
  Step step(tools_.progress, tools_.clock, "install", from + " -> " + version);
  live::AgentVerbs::InstallState state;
  try {
    state = ask_to_install(from, version, step);
    if (state.install != live::AgentVerbs::Install::done && !comes_up(version)) {
      throw Error(ErrorCode::unavailable, "the node did not come back with " + version);
    }
  } catch (const live::InstallError& error) {
    if (error.failure() == live::InstallFailure::not_begun) give_up(from, version, error);
    if (error.failure() == live::InstallFailure::restarting) wait_for_restart();
    explain_failed_install(from, version, error);
  } catch (const Error& error) {
    explain_failed_install(from, version, error);
  }
  if (state.report) note_missed(*state.report, outcome);
  outcome.notes.insert(outcome.notes.end(), state.remarks.begin(), state.remarks.end());
  step.done(state.report ? in_words(*state.report) : "");
}

// The engine has begun with nothing, and put back what the release handler had changed.
void Installer::give_up(const std::string& from, const std::string& version,
                        const live::InstallError& cause) {
  if (!is_proved(from)) explain_failed_install(from, version, cause);
  preparation_.undo(version);
  FailedChange told = was_not_begun(from, version, session_.node_restart());
  told.because_of(cause);
  throw told;
}

// The node tells that it will restart before it does.
void Installer::wait_for_restart() {
  const auto deadline = tools_.clock.steady() + restart_patience;
  tell_of_waiting("until the node has restarted");
  while (session_.node_restart() != NodeRestart::yes && tools_.clock.steady() < deadline &&
         session_.life() != node::NodeLife::State::dead) {
    tools_.clock.sleep(poll_interval);
    try {
      session_.reconnect();
    } catch (const Error&) {
      // It goes down, or comes up.
    }
  }
}

void Installer::tell_of_waiting(const std::string& what) {
  tools_.progress.report({"install", StepState::waiting, what, Milliseconds{0}});
}

// Waits until the node answers and runs `version`. A node that answers and runs another one has
// decided, and so has one that is dead.
bool Installer::comes_up(const std::string& version) {
  const auto deadline = tools_.clock.steady() + restart_patience;
  bool is_told = false;
  while (tools_.clock.steady() < deadline && session_.life() != node::NodeLife::State::dead) {
    try {
      session_.reconnect();
      const Term status = session_.channel().call("init", "get_status", {}, Milliseconds{5'000});
      const Releases releases = session_.releases();
      const live::KnownRelease* now = live::running_release(releases);
      const bool is_started = (*status.as_tuple())[0].is_atom("started");
      if (is_started && now != nullptr) return now->version == version;
    } catch (const Error&) {
      // Still down, or on its way up.
    }
    if (!is_told) tell_of_waiting("until the node is up");
    is_told = true;
    tools_.clock.sleep(session_.life() == node::NodeLife::State::gone ? short_while
                                                                      : poll_interval);
  }
  return false;
}

void Installer::explain_failed_install(const std::string& from, const std::string& version,
                                       const Error& cause) {
  const bool is_old = comes_up(from) && is_proved(from);
  host::restore_files(tools_.files, host_);
  const NodeRestart restart = session_.node_restart();
  if (is_old) {
    preparation_.undo(version);
    FailedChange told = went_back(from, version, restart);
    told.because_of(cause);
    throw told;
  }
  if (session_.life() == node::NodeLife::State::dead) {
    throw node_died(tools_.files, host_, session_.node_name(), "in the install of " + version,
                    StartedAgain::no);
  }
  FailedChange told = went_astray(tools_.files, host_, version, restart);
  told.because_of(cause);
  throw told;
}

// Modules that somebody has replaced by hand, and that the script leaves alone, stay as they are.
void Installer::note_other_code(const host::ScriptSummary& script, Outcome& outcome) {
  const release::ReleaseTree tree = host::release_on(tools_.files, host_, outcome.from);
  std::vector<std::string> names;
  for (const auto& each : live::differences_in_memory(session_.agent(), tree)) {
    const auto& loaded = script.loaded;
    if (!each.module || std::find(loaded.begin(), loaded.end(), *each.module) != loaded.end())
      continue;
    other_before_.insert(*each.module);
    names.push_back(each.module->name());
  }
  if (names.empty()) return;
  outcome.notes.push_back("not the code of " + outcome.from +
                          " before the change, and left as it is: " + joined(names));
}

std::vector<std::string> Installer::differences_from(const std::string& version) {
  const release::ReleaseTree tree = host::release_on(tools_.files, host_, version);
  std::vector<std::string> differences;
  for (live::MemoryDifference& each : live::differences_in_memory(session_.agent(), tree)) {
    if (!each.module || !other_before_.contains(*each.module))
      differences.push_back(std::move(each.text));
  }
  return differences;
}

bool Installer::is_proved(const std::string& version) {
  try {
    return differences_from(version).empty();
  } catch (const Error&) {
    return false;
  }
}

// The code in memory is that of the files, module by module. If it is not, the node goes back.
void Installer::prove(const std::string& from, const std::string& version) {
  Step step(tools_.progress, tools_.clock, "prove", "the code in memory");
  const std::vector<std::string> differences = differences_from(version);
  const live::KnownRelease now = session_.running(session_.releases());
  if (differences.empty() && now.version == version) {
    step.done("every loaded module is that of " + version +
              (other_before_.empty() ? "" : ", or as it was before"));
    for (std::string& each : look_around(
             session_.agent(), host::release_on(tools_.files, host_, version), configuration_))
      outcome_.notes.push_back(std::move(each));
    return;
  }
  const Error cause(ErrorCode::bad_input, "after the install the node does not run the code of " +
                                              version + ": " + joined(differences));
  take_back({from, version, false, {}}, cause);
}

Outcome Installer::commit(const EndRequest& request) {
  const std::unique_ptr<FileLock> held = lock();
  connect();
  const Releases releases = session_.releases();
  Objections objections = against_commit(releases);
  if (objections.empty()) {
    append(objections,
           missing_launcher(tools_.files, host_, live::running_release(releases)->version));
  }
  if (!objections.empty()) throw refusal("the commit", objections);
  const live::KnownRelease* permanent = live::permanent_release(releases);
  outcome_ = {permanent == nullptr ? "" : permanent->version,
              live::running_release(releases)->version,
              false,
              {}};
  const auto script = host::find_script_on(tools_.files, host_, outcome_.from, outcome_.to);
  if (script) objections = nothing_to_kill_in(request.kill, *script);
  if (!objections.empty()) throw refusal("the commit", objections);
  may_kill_ = request.kill;
  ChangeRequest rest{outcome_.to};
  rest.end = request;
  finish(rest, script ? &*script : nullptr, outcome_);
  outcome_.node_restart = session_.node_restart();
  return outcome_;
}

Outcome Installer::rollback(const std::vector<Atom>& may_kill, const policy::Quiesce& quiesce) {
  const std::unique_ptr<FileLock> held = lock();
  may_kill_ = may_kill;
  quiesce_ = quiesce;
  connect();
  const Releases releases = session_.releases();
  Objections objections = against_rollback(releases);
  if (!objections.empty()) throw refusal("the rollback", objections);
  outcome_ = {live::running_release(releases)->version,
              live::permanent_release(releases)->version,
              false,
              {}};
  const auto script = host::find_script_on(tools_.files, host_, outcome_.from, outcome_.to);
  prepare_rollback(script ? &*script : nullptr);
  install(outcome_);
  try {
    prove(outcome_.from, outcome_.to);
  } catch (const node::NodeError& error) {
    tell_if_node_died("after the rollback to " + outcome_.to + ", which was being proved");
    throw Error(ErrorCode::uncertain, "the node went back to " + outcome_.to +
                                          ", but the line to it broke before that was proved")
        .with_hint("look with `relup status`")
        .because_of(error);
  }
  outcome_.committed = true;
  forget_confirmation();
  outcome_.node_restart = session_.node_restart();
  return outcome_;
}

void Installer::prepare_rollback(const host::ScriptSummary* script) {
  const Outcome installed{outcome_.to, outcome_.from, false, {}};
  Objections objections;
  if (script != nullptr) objections = nothing_to_kill_in(may_kill_, *script);
  NodeFindings findings;
  try {
    append(objections, ask_node(script, nullptr, findings));
  } catch (const Interrupted& interruption) {
    throw uncommitted(installed, interruption_text(interruption.signal()));
  }
  if (!objections.empty()) throw refusal("the rollback to " + outcome_.to, objections);
  if (script == nullptr) return;
  note_other_code(*script, outcome_);
  ending_.clear_the_way(*script, may_kill_, outcome_);
}

// The release that had to be confirmed does not run any more, so the node would not go back anyway.
void Installer::forget_confirmation() {
  try {
    session_.agent().call_off_confirmation();
  } catch (const Error&) {
    // It ends by itself.
  }
}

Outcome Installer::remove(const std::string& version) {
  const std::unique_ptr<FileLock> held = lock();
  outcome_ = {version, "", false, {}};
  connect();
  // Without RELEASES the node believes that the running release has no libraries of its own, and
  // would delete them with the old one.
  preparation_.settle();
  const Releases releases = session_.releases();
  const live::KnownRelease* release = live::find_release(releases, version);
  if (release == nullptr) {
    std::vector<std::string> known;
    for (const live::KnownRelease& each : releases)
      known.push_back(each.version);
    throw Error(ErrorCode::usage, "the node does not know release " + version)
        .with_hint("it knows " + joined(known));
  }
  if (release->status != "old" && release->status != "unpacked") {
    throw Error(ErrorCode::answer_is_no,
                "release " + version + " is " + release->status + " and stays");
  }
  stop_if_interrupted();
  Step step(tools_.progress, tools_.clock, "remove", version);
  try {
    session_.agent().remove(version);
  } catch (const node::NodeError&) {
    tell_if_node_died("in the removal of " + version);
    throw;
  }
  tools_.files.remove_all(host_.path(host::launcher_of(host_.name, version)));
  step.done();
  outcome_.committed = true;
  return outcome_;
}

}  // namespace relup::change
