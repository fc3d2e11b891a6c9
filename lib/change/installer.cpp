// SPDX-License-Identifier: Apache-2.0
#include "change/installer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/words.hpp"
#include "change/draining.hpp"
#include "host/kept_files.hpp"
#include "host/launcher.hpp"
#include "live/loaded_code.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds restart_patience{90'000};
constexpr Milliseconds drain_patience{30'000};
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
      preparation_(host_, tools_, session_) {}

std::unique_ptr<FileLock> Installer::lock() {
  const std::string path = lock_path(host_);
  std::unique_ptr<FileLock> lock = tools_.files.try_lock(path, tools_.holder);
  if (lock) return lock;
  throw refusal("the work", another_relup(host_, tools_.files.read_if_exists(path).value_or("")));
}

Outcome Installer::change(const ChangeRequest& request) {
  const std::unique_ptr<FileLock> held = lock();
  engine_ = request.engine;
  session_.open();
  Outcome outcome{"", request.version, false, {}};
  host::ScriptSummary script;
  try {
    script = prepare(request, outcome);
  } catch (const Error& error) {
    undo_and_tell(request.version, error);
    throw;
  }
  install(outcome);
  watch("after the install of " + outcome.to + ", which was being proved",
        [&] { prove(outcome.from, outcome.to); });
  preparation_.keep();
  outcome.node_restart = session_.node_restart();
  if (request.commit == CommitWhen::later) return outcome;
  watch("after the install of " + outcome.to + ", before the commit",
        [&] { drain(script, outcome); });
  watch("in the commit of " + outcome.to, [&] { make_permanent(outcome); });
  return outcome;
}

void Installer::undo_and_tell(const std::string& version, const Error& error) {
  const bool is_dead = dynamic_cast<const node::NodeError*>(&error) != nullptr &&
                       session_.fate() == node::NodeLife::State::dead;
  const Left left = preparation_.undo(version);
  if (is_dead) throw node_died_before(tools_.files, host_, session_.node_name(), version, left);
}

template <typename Work>
void Installer::watch(const std::string& under_way, Work work) {
  try {
    work();
  } catch (const node::NodeError&) {
    tell_if_node_died(under_way);
    throw;
  }
}

void Installer::tell_if_node_died(const std::string& under_way) {
  using State = node::NodeLife::State;
  const State fate = session_.fate();
  if (fate != State::dead && fate != State::restarted) return;
  throw node_died(tools_.files, host_, session_.node_name(), under_way,
                  fate == State::dead ? StartedAgain::no : StartedAgain::yes);
}

// Everything before the install. What it does is undone when it fails.
host::ScriptSummary Installer::prepare(const ChangeRequest& request, Outcome& outcome) {
  preparation_.settle();
  const Releases releases = session_.releases();
  ProposedChange change = accept(request, releases);
  outcome.from = change.from;
  outcome.notes = change.warnings;
  preparation_.make_ready(change);
  check(change, outcome);
  note_other_code(*change.script, outcome);
  preparation_.boot_what_is_permanent(releases);
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
  return objections_of_node(
      {session_.channel(), session_.agent(), tools_.clock, script, change, findings, engine_});
}

void Installer::check(const ProposedChange& change, Outcome& outcome) {
  Step step(tools_.progress, tools_.clock, "check", "with the release handler");
  const host::ScriptSummary& script = *change.script;
  NodeFindings findings;
  const Objections objections = ask_node(&script, &change, findings);
  outcome.notes.insert(outcome.notes.end(), findings.notes.begin(), findings.notes.end());
  if (!objections.empty()) throw refusal("the change to " + change.to, objections);
  try {
    live::ReleaseHandler(session_.channel()).check_install(change.to);
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
  live::InstallOrder order{version, std::nullopt, {}};
  const auto script = host::find_script_on(tools_.files, host_, from, version);
  if (engine_ == Engine::relup && script && !script->restarts_emulator)
    order.script = script->instructions;
  return order;
}

live::AgentVerbs::InstallState Installer::ask_to_install(const std::string& from,
                                                         const std::string& version) {
  try {
    session_.agent().begin_install(order(from, version));
  } catch (const node::NodeError& error) {
    if (error.delivery() != node::Delivery::unknown) throw;
    session_.drop();
  }
  return wait_for_install(version);
}

// The install goes on when the line breaks, and its end can be asked for over a new one.
live::AgentVerbs::InstallState Installer::wait_for_install(const std::string& version) {
  Clock& clock = tools_.clock;
  auto silence_ends = clock.steady() + restart_patience;
  for (;;) {
    try {
      if (!session_.is_connected()) session_.reconnect();
      const live::AgentVerbs::InstallState state = session_.agent().install_state(version);
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
    state = ask_to_install(from, version);
    if (state.install != live::AgentVerbs::Install::done && !comes_up(version)) {
      throw Error(ErrorCode::unavailable, "the node did not come back with " + version);
    }
  } catch (const live::InstallError& error) {
    if (error.failure() == live::InstallFailure::not_begun) give_up(from, version, error);
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
    return;
  }
  const Error cause(ErrorCode::bad_input, "after the install the node does not run the code of " +
                                              version + ": " + joined(differences));
  try {
    ask_to_install(version, from);
  } catch (const Error&) {
    // explain_failed_install looks at where this has led.
  }
  explain_failed_install(from, version, cause);
}

// Waits until no process runs old code. Where the relup purges brutally, a commit would kill those
// that still do, and then there is none.
void Installer::drain(const host::ScriptSummary& script, Outcome& outcome) {
  Step step(tools_.progress, tools_.clock, "drain", "until nobody runs old code");
  const std::vector<live::OldCode> in_use =
      wait_for_old_code(session_.agent(), tools_.clock, script.loaded, drain_patience).still;
  if (in_use.empty()) return step.done("nobody runs old code");
  for (const live::OldCode& old_code : in_use)
    outcome.notes.push_back("still in old code of " + live::describe(old_code));
  const Objections objections = commit_would_kill(outcome.to, in_use, script);
  if (!objections.empty()) throw refusal("the commit", objections);
  step.done(counted(in_use.size(), "module") + " still in use; soft purge lets them finish");
}

void Installer::make_permanent(Outcome& outcome) {
  const std::string& version = outcome.to;
  Step step(tools_.progress, tools_.clock, "commit", "makes " + version + " permanent");
  for (std::string& note : session_.agent().make_permanent(version))
    outcome.notes.push_back(std::move(note));
  host::switch_launcher(tools_.files, host_, version);
  const release::StartErlData boot = host::read_boot(tools_.files, host_);
  if (boot.version != version) {
    throw Error(ErrorCode::uncertain, host_.start_erl_data() + " says " + boot.version +
                                          " although the node made " + version + " permanent");
  }
  outcome.committed = true;
  step.done("it boots after a restart");
}

Outcome Installer::commit() {
  const std::unique_ptr<FileLock> held = lock();
  session_.open();
  const Releases releases = session_.releases();
  Objections objections = against_commit(releases);
  if (objections.empty()) {
    append(objections,
           missing_launcher(tools_.files, host_, live::running_release(releases)->version));
  }
  if (!objections.empty()) throw refusal("the commit", objections);
  const live::KnownRelease* permanent = live::permanent_release(releases);
  Outcome outcome{permanent == nullptr ? "" : permanent->version,
                  live::running_release(releases)->version,
                  false,
                  {}};
  const auto script = host::find_script_on(tools_.files, host_, outcome.from, outcome.to);
  watch("before the commit of " + outcome.to, [&] {
    if (script) drain(*script, outcome);
  });
  watch("in the commit of " + outcome.to, [&] { make_permanent(outcome); });
  outcome.node_restart = session_.node_restart();
  return outcome;
}

Outcome Installer::rollback() {
  const std::unique_ptr<FileLock> held = lock();
  session_.open();
  const Releases releases = session_.releases();
  Objections objections = against_rollback(releases);
  if (!objections.empty()) throw refusal("the rollback", objections);
  Outcome outcome{live::running_release(releases)->version,
                  live::permanent_release(releases)->version,
                  true,
                  {}};
  const auto script = host::find_script_on(tools_.files, host_, outcome.from, outcome.to);
  NodeFindings findings;
  objections = ask_node(script ? &*script : nullptr, nullptr, findings);
  if (!objections.empty()) throw refusal("the rollback to " + outcome.to, objections);
  if (script) note_other_code(*script, outcome);
  install(outcome);
  watch("after the rollback to " + outcome.to + ", which was being proved",
        [&] { prove(outcome.from, outcome.to); });
  outcome.node_restart = session_.node_restart();
  return outcome;
}

Outcome Installer::remove(const std::string& version) {
  const std::unique_ptr<FileLock> held = lock();
  session_.open();
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
  Step step(tools_.progress, tools_.clock, "remove", version);
  watch("in the removal of " + version, [&] { session_.agent().remove(version); });
  tools_.files.remove_all(host_.path(host::launcher_of(host_.name, version)));
  step.done();
  return {version, "", true, {}};
}

}  // namespace relup::change
