// SPDX-License-Identifier: Apache-2.0
#include "change/installer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/words.hpp"
#include "change/gates.hpp"
#include "host/kept_configs.hpp"
#include "host/launcher.hpp"
#include "live/loaded_code.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds restart_patience{90'000};
constexpr Milliseconds drain_patience{30'000};
constexpr Milliseconds poll_interval{250};

}  // namespace

Installer::Installer(host::Host host, Surroundings surroundings)
    : host_(std::move(host)),
      surroundings_(std::move(surroundings)),
      session_(host_, surroundings_),
      preparation_(host_, surroundings_, session_) {}

std::unique_ptr<FileLock> Installer::lock() {
  const std::string path = host_.path("releases/.relup.lock");
  std::unique_ptr<FileLock> lock = surroundings_.files.try_lock(path, surroundings_.holder);
  if (lock) return lock;
  const std::string holder = surroundings_.files.read_if_exists(path).value_or("somebody");
  throw Error(ErrorCode::unavailable, "another relup works on " + host_.root + ": " + holder)
      .with_hint("wait until it is done, then try again");
}

void Installer::refuse_if_pointless(const ChangeRequest& request, const Releases& releases) const {
  const live::KnownRelease& now = session_.running(releases);
  if (now.status != "permanent") {
    throw Error(ErrorCode::answer_is_no,
                "release " + now.version + " is installed but not committed")
        .with_hint("end it with `relup commit` or `relup rollback` first");
  }
  if (now.version == request.version) {
    throw Error(ErrorCode::answer_is_no, "release " + request.version + " is running already");
  }
}

Outcome Installer::change(const ChangeRequest& request) {
  const std::unique_ptr<FileLock> held = lock();
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
  refuse_if_pointless(request, releases);
  outcome.from = session_.running(releases).version;
  preparation_.make_ready(request, releases, outcome);
  host::ScriptSummary script = check(outcome.from, request);
  preparation_.boot_what_is_permanent(releases);
  return script;
}

host::ScriptSummary Installer::choose_script(const std::string& from,
                                             const ChangeRequest& request) {
  const bool up = request.direction == appup::Direction::up;
  const auto script = host::find_script_on(surroundings_.files, host_, from, request.version);
  if (!script) {
    throw Error(ErrorCode::bad_input, "no relup leads from " + from + " to " + request.version)
        .with_hint("make one with `relup generate --from OLD --to NEW` and pack the release again");
  }
  if (script->direction != request.direction) {
    throw Error(ErrorCode::usage, "from " + from + " to " + request.version + " leads " +
                                      (up ? "a downgrade" : "an upgrade"))
        .with_hint("run `relup " + std::string(up ? "downgrade " : "upgrade ") + request.version +
                   "`");
  }
  return *script;
}

host::ScriptSummary Installer::check(const std::string& from, const ChangeRequest& request) {
  Step step(surroundings_.progress, surroundings_.clock, "check", "with the release handler");
  host::ScriptSummary script = choose_script(from, request);
  refuse_if_unproved(session_, host::release_on(surroundings_.files, host_, from), script);
  refuse_if_old_code_in_use(session_, surroundings_.clock, script);
  refuse_if_busy(session_, script);
  session_.agent().environment(request.version, {});  // fails where it cannot be installed
  try {
    live::ReleaseHandler(session_.channel()).check_install(request.version);
  } catch (const live::ReleaseHandlerError& error) {
    // The check runs what stands before the point of no return, and that has crashed.
    if (error.reason().is_tagged("EXIT", 2)) explain_failed_install(from, request.version, error);
    throw;
  }
  step.done(counted(script.loaded.size(), "module") + " to load, processes of " +
            counted(script.suspended.size(), "module") + " to suspend");
  return script;
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
  Clock& clock = surroundings_.clock;
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
  Step step(surroundings_.progress, surroundings_.clock, "install", from + " -> " + version);
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
  const auto deadline = surroundings_.clock.steady() + restart_patience;
  while (surroundings_.clock.steady() < deadline) {
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
    surroundings_.clock.sleep(poll_interval);
  }
  return false;
}

void Installer::explain_failed_install(const std::string& from, const std::string& version,
                                       const Error& cause) {
  const bool is_old = comes_up(from) && is_proved(from);
  host::restore_configs(surroundings_.files, host_);
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
                                       host::release_on(surroundings_.files, host_, version))
        .empty();
  } catch (const Error&) {
    return false;
  }
}

// The code in memory is that of the files, module by module. If it is not, the node goes back.
void Installer::prove(const std::string& from, const std::string& version) {
  Step step(surroundings_.progress, surroundings_.clock, "prove", "the code in memory");
  const release::ReleaseTree tree = host::release_on(surroundings_.files, host_, version);
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
  try {
    ask_to_install(from);
  } catch (const Error&) {
    // explain_failed_install looks at where this has led.
  }
  explain_failed_install(from, version, cause);
}

// Waits until no process runs old code. Whoever is left after that would be killed by the commit
// where the relup purges brutally, and then there is no commit.
void Installer::drain(const host::ScriptSummary& script, Outcome& outcome) {
  Step step(surroundings_.progress, surroundings_.clock, "drain", "until nobody runs old code");
  const std::vector<live::OldCode> left =
      wait_for_old_code(session_, surroundings_.clock, script.loaded, drain_patience);
  if (left.empty()) return step.done("nobody runs old code");
  std::string victims;
  for (const live::OldCode& old_code : left) {
    const std::vector<Atom>& brutal = script.purged_brutally;
    const std::string line = live::describe(old_code);
    const bool is_brutal = std::find(brutal.begin(), brutal.end(), old_code.module) != brutal.end();
    if (is_brutal) victims += "\n  " + line;
    outcome.notes.push_back("still in old code of " + line);
  }
  if (!victims.empty()) {
    throw Error(ErrorCode::answer_is_no, "release " + outcome.to +
                                             " is installed but not committed, since that would "
                                             "kill processes:" +
                                             victims)
        .with_hint("`relup commit` when they are done, or `relup rollback`");
  }
  step.done(counted(left.size(), "module") + " still in use; soft purge lets them finish");
}

void Installer::make_permanent(Outcome& outcome) {
  const std::string& version = outcome.to;
  Step step(surroundings_.progress, surroundings_.clock, "commit",
            "makes " + version + " permanent");
  for (std::string& note : session_.agent().make_permanent(version))
    outcome.notes.push_back(std::move(note));
  host::switch_launcher(surroundings_.files, host_, version);
  const release::StartErlData boot = host::read_boot(surroundings_.files, host_);
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
  const live::KnownRelease& now = session_.running(releases);
  const live::KnownRelease* permanent = live::permanent_release(releases);
  if (now.status == "permanent") {
    throw Error(ErrorCode::answer_is_no,
                "nothing to commit: release " + now.version + " is permanent");
  }
  Outcome outcome{permanent == nullptr ? "" : permanent->version, now.version, false, {}};
  const auto script = host::find_script_on(surroundings_.files, host_, outcome.from, outcome.to);
  if (script) drain(*script, outcome);
  make_permanent(outcome);
  return outcome;
}

Outcome Installer::rollback() {
  const std::unique_ptr<FileLock> held = lock();
  session_.open();
  const Releases releases = session_.releases();
  const live::KnownRelease& now = session_.running(releases);
  const live::KnownRelease* permanent = live::permanent_release(releases);
  if (now.status == "permanent" || permanent == nullptr) {
    throw Error(ErrorCode::answer_is_no,
                "nothing to roll back: release " + now.version + " is permanent")
        .with_hint("`relup downgrade VERSION` goes back to an older release");
  }
  Outcome outcome{now.version, permanent->version, true, {}};
  const auto script = host::find_script_on(surroundings_.files, host_, outcome.from, outcome.to);
  if (script) {
    refuse_if_old_code_in_use(session_, surroundings_.clock, *script);
    refuse_if_busy(session_, *script);
  }
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
  Step step(surroundings_.progress, surroundings_.clock, "remove", version);
  session_.agent().remove(version);
  surroundings_.files.remove_all(host_.path(host::launcher_of(host_.name, version)));
  step.done();
  return {version, "", true, {}};
}

}  // namespace relup::change
