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
constexpr Milliseconds drain_patience{30'000};
constexpr Milliseconds poll_interval{250};

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
  } catch (const Error&) {
    preparation_.undo(request.version);
    throw;
  }
  install(outcome.from, request.version);
  prove(outcome.from, request.version);
  preparation_.keep();
  if (request.commit == CommitWhen::later) return outcome;
  drain(script, outcome);
  make_permanent(outcome);
  return outcome;
}

// Everything before the install. What it does is undone when it fails.
host::ScriptSummary Installer::prepare(const ChangeRequest& request, Outcome& outcome) {
  preparation_.settle();
  const Releases releases = session_.releases();
  ProposedChange change = accept(request, releases);
  outcome.from = change.from;
  outcome.notes = change.warnings;
  preparation_.make_ready(change);
  check(change);
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
    append(judgement.objections, ask_node(change.script ? &*change.script : nullptr, &change));
  }
  throw refusal("the change to " + request.version, judgement.objections);
}

Objections Installer::ask_node(const host::ScriptSummary* script, const ProposedChange* change) {
  NodeFindings findings;
  return objections_of_node(
      {session_.channel(), session_.agent(), tools_.clock, script, change, findings, engine_});
}

void Installer::check(const ProposedChange& change) {
  Step step(tools_.progress, tools_.clock, "check", "with the release handler");
  const host::ScriptSummary& script = *change.script;
  const Objections objections = ask_node(&script, &change);
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
    ask_to_install(from);
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
  if (script) drain(*script, outcome);
  make_permanent(outcome);
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
  objections = ask_node(script ? &*script : nullptr, nullptr);
  if (!objections.empty()) throw refusal("the rollback to " + outcome.to, objections);
  if (script) note_other_code(*script, outcome);
  install(outcome.from, outcome.to);
  prove(outcome.from, outcome.to);
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
  session_.agent().remove(version);
  tools_.files.remove_all(host_.path(host::launcher_of(host_.name, version)));
  step.done();
  return {version, "", true, {}};
}

}  // namespace relup::change
