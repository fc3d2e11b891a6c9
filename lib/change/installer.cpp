// SPDX-License-Identifier: Apache-2.0
#include "change/installer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/words.hpp"
#include "change/draining.hpp"
#include "host/kept_configs.hpp"
#include "host/launcher.hpp"
#include "live/loaded_code.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds restart_patience{90'000};
constexpr Milliseconds line_patience{10'000};
constexpr Milliseconds poll_interval{250};

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
  incarnation_ = session_.agent().incarnation();
}

std::optional<bool> Installer::node_was_restarted() {
  if (!incarnation_) return std::nullopt;
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      if (!session_.is_connected()) session_.reconnect();
      return session_.agent().incarnation() != *incarnation_;
    } catch (const Error&) {
      session_.drop();
    }
  }
  return std::nullopt;
}

// As long as nothing was changed that is not taken back.
void Installer::stop_if_interrupted() {
  if (const auto signal = tools_.interruption.signal())
    throw Interrupted(*signal, "nothing was changed");
}

void Installer::give_up(const Interrupted& interruption, const std::string& version) {
  if (preparation_.undo(version) == Preparation::Undone::all) throw interruption;
  throw Interrupted(interruption.signal(),
                    "the running release was not touched, but what was prepared for " + version +
                        " could not all be taken back");
}

Outcome Installer::change(const ChangeRequest& request) {
  const std::unique_ptr<FileLock> held = lock();
  outcome_ = Outcome{"", request.version, false, {}};
  connect();
  host::ScriptSummary script;
  try {
    script = prepare(request, outcome_);
  } catch (const Interrupted& interruption) {
    give_up(interruption, request.version);
  } catch (const Error&) {
    preparation_.undo(request.version);
    throw;
  }
  install(outcome_.from, request.version);
  over_any_line(outcome_, [&] { prove(outcome_.from, request.version); });
  preparation_.keep();
  finish(request, &script, outcome_);
  return outcome_;
}

// When the line breaks after the install, another one is looked for, and the work begins anew.
void Installer::over_any_line(const Outcome& outcome, const std::function<void()>& work) {
  for (;;) {
    try {
      return work();
    } catch (const node::NodeError& error) {
      find_line_again(error, outcome);
    }
  }
}

// What happens from here on leaves the new release in the node, unless a probe takes it back.
void Installer::finish(const ChangeRequest& request, const host::ScriptSummary* script,
                       Outcome& outcome) {
  try {
    over_any_line(outcome, [&] { end(request, script, outcome); });
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
    ask_to_install(outcome.from);
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
  check(change, request.end.kill);
  preparation_.boot_what_is_permanent(releases);
  if (!request.confirm_within) session_.agent().call_off_confirmation();
  let_node_go_back(request);
  stop_if_interrupted();
  ending_.clear_the_way(*change.script, request.end.kill, outcome);
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
    append(judgement.objections,
           ask_node(change.script ? &*change.script : nullptr, &change, request.end.kill));
  }
  throw refusal("the change to " + request.version, judgement.objections);
}

Objections Installer::ask_node(const host::ScriptSummary* script, const ProposedChange* change,
                               const std::vector<Atom>& may_kill) {
  NodeFindings findings;
  Objections objections =
      objections_of_node({session_.channel(), session_.agent(), tools_.clock, script, change,
                          findings, may_kill, tools_.interruption});
  stop_if_interrupted();
  return objections;
}

void Installer::check(const ProposedChange& change, const std::vector<Atom>& may_kill) {
  Step step(tools_.progress, tools_.clock, "check", "with the release handler");
  const host::ScriptSummary& script = *change.script;
  const Objections objections = ask_node(&script, &change, may_kill);
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

live::AgentVerbs::Install Installer::ask_to_install(const std::string& version) {
  try {
    session_.agent().begin_install(version);
  } catch (const node::NodeError& error) {
    if (error.delivery() != node::Delivery::unknown) throw;
    session_.drop();
  }
  return wait_for_install(version);
}

// The install goes on when the line breaks, and its end can be asked for over a new one.
live::AgentVerbs::Install Installer::wait_for_install(const std::string& version) {
  Clock& clock = tools_.clock;
  auto silence_ends = clock.steady() + restart_patience;
  for (;;) {
    try {
      if (!session_.is_connected()) session_.reconnect();
      const live::AgentVerbs::Install state = session_.agent().install_state(version);
      if (state != live::AgentVerbs::Install::running) return state;
      silence_ends = clock.steady() + restart_patience;
    } catch (const node::NodeError&) {
      if (clock.steady() >= silence_ends) throw;
      session_.drop();
      clock.sleep(poll_interval);
    }
  }
}

void Installer::install(const std::string& from, const std::string& version) {
  Step step(tools_.progress, tools_.clock, "install", from + " -> " + version);
  try {
    const live::AgentVerbs::Install state = ask_to_install(version);
    if (state != live::AgentVerbs::Install::done && !comes_up(version)) {
      throw Error(ErrorCode::unavailable, "the node did not come back with " + version);
    }
  } catch (const Error& error) {
    explain_failed_install(from, version, error);
  }
  step.done();
}

// Waits until the node answers and runs `version`. A node that answers and runs another one has
// decided.
bool Installer::comes_up(const std::string& version) {
  const auto deadline = tools_.clock.steady() + restart_patience;
  while (tools_.clock.steady() < deadline) {
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
    tools_.clock.sleep(poll_interval);
  }
  return false;
}

void Installer::explain_failed_install(const std::string& from, const std::string& version,
                                       const Error& cause) {
  const bool is_old = comes_up(from) && is_proved(from);
  host::restore_configs(tools_.files, host_);
  if (is_old) {
    preparation_.undo(version);
    throw Error(ErrorCode::rolled_back, "the change to " + version + " failed; the old release " +
                                            from + " is verified to be running")
        .because_of(cause);
  }
  throw Error(ErrorCode::uncertain,
              "the change to " + version + " failed, and what the node runs is not certain")
      .because_of(cause)
      .with_hint("look with `relup status`; a restart boots release " + host_.boot.version);
}

bool Installer::is_proved(const std::string& version) {
  try {
    return live::differences_in_memory(session_.agent(),
                                       host::release_on(tools_.files, host_, version))
        .empty();
  } catch (const Error&) {
    return false;
  }
}

// The code in memory is that of the files, module by module. If it is not, the node goes back.
void Installer::prove(const std::string& from, const std::string& version) {
  Step step(tools_.progress, tools_.clock, "prove", "the code in memory");
  const release::ReleaseTree tree = host::release_on(tools_.files, host_, version);
  std::vector<std::string> differences;
  for (live::MemoryDifference& each : live::differences_in_memory(session_.agent(), tree))
    differences.push_back(std::move(each.text));
  const live::KnownRelease now = session_.running(session_.releases());
  if (differences.empty() && now.version == version) {
    step.done("every loaded module is that of " + version);
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
  ChangeRequest rest{outcome_.to};
  rest.end = request;
  finish(rest, script ? &*script : nullptr, outcome_);
  return outcome_;
}

Outcome Installer::rollback(const std::vector<Atom>& may_kill) {
  const std::unique_ptr<FileLock> held = lock();
  connect();
  const Releases releases = session_.releases();
  Objections objections = against_rollback(releases);
  if (!objections.empty()) throw refusal("the rollback", objections);
  outcome_ = {live::running_release(releases)->version,
              live::permanent_release(releases)->version,
              false,
              {}};
  const auto script = host::find_script_on(tools_.files, host_, outcome_.from, outcome_.to);
  prepare_rollback(script ? &*script : nullptr, may_kill);
  install(outcome_.from, outcome_.to);
  try {
    prove(outcome_.from, outcome_.to);
  } catch (const node::NodeError& error) {
    throw Error(ErrorCode::uncertain, "the node went back to " + outcome_.to +
                                          ", but the line to it broke before that was proved")
        .with_hint("look with `relup status`")
        .because_of(error);
  }
  outcome_.committed = true;
  forget_confirmation();
  return outcome_;
}

void Installer::prepare_rollback(const host::ScriptSummary* script,
                                 const std::vector<Atom>& may_kill) {
  const Outcome installed{outcome_.to, outcome_.from, false, {}};
  Objections objections;
  if (script != nullptr) objections = nothing_to_kill_in(may_kill, *script);
  try {
    append(objections, ask_node(script, nullptr, may_kill));
  } catch (const Interrupted& interruption) {
    throw uncommitted(installed, interruption_text(interruption.signal()));
  }
  if (!objections.empty()) throw refusal("the rollback to " + outcome_.to, objections);
  if (script != nullptr) ending_.clear_the_way(*script, may_kill, outcome_);
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
  session_.agent().remove(version);
  tools_.files.remove_all(host_.path(host::launcher_of(host_.name, version)));
  step.done();
  outcome_.committed = true;
  return outcome_;
}

}  // namespace relup::change
