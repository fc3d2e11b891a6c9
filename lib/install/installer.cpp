// SPDX-License-Identifier: Apache-2.0
#include "install/installer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/words.hpp"
#include "install/agent_steps.hpp"
#include "install/live_modules.hpp"
#include "install/suspend_probe.hpp"
#include "node/node_channel.hpp"

namespace relup::install {
namespace {

constexpr Milliseconds restart_patience{90'000};
constexpr Milliseconds check_patience{5'000};
constexpr Milliseconds drain_patience{30'000};
constexpr Milliseconds poll_interval{250};

}  // namespace

Installer::Installer(Host host, Surroundings surroundings)
    : host_(std::move(host)), surroundings_(std::move(surroundings)) {}

std::unique_ptr<FileLock> Installer::lock() {
  const std::string path = host_.path("releases/.relup.lock");
  std::unique_ptr<FileLock> lock = surroundings_.files.try_lock(path, surroundings_.holder);
  if (lock) return lock;
  const std::string holder = surroundings_.files.read_if_exists(path).value_or("somebody");
  throw Error(ErrorCode::unavailable, "another relup works on " + host_.root + ": " + holder)
      .with_hint("wait until it is done, then try again");
}

void Installer::connect() {
  Step step(surroundings_.progress, surroundings_.clock, "connect", "to the node");
  channel_ = surroundings_.connect();
  restore_configs(surroundings_.files, host_);
  step.done(channel_->node_name());
}

const KnownRelease& Installer::running(const Releases& releases) const {
  if (const KnownRelease* release = running_release(releases)) return *release;
  throw Error(ErrorCode::bad_input, "the node " + channel_->node_name() + " runs no release");
}

void Installer::refuse_if_pointless(const ChangeRequest& request, const Releases& releases) const {
  const KnownRelease& now = running(releases);
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
  connect();
  const Releases releases = ReleaseHandler(*channel_).which_releases();
  refuse_if_pointless(request, releases);
  Outcome outcome{running(releases).version, request.version, false, {}};
  const bool is_known = find_release(releases, request.version) != nullptr;
  if (!is_known) make_available(request);
  ScriptSummary script;
  try {
    seed_if_missing();
    if (!is_known) register_release(request.version);
    script = check(outcome.from, request);
  } catch (const Error&) {
    forget(request.version);
    throw;
  }
  install(outcome.from, request.version);
  prove(outcome.from, request.version);
  staging_.reset();
  if (request.commit == CommitWhen::later) return outcome;
  drain(script, outcome);
  make_permanent(request.version);
  outcome.committed = true;
  return outcome;
}

// From a tarball, or from a directory that somebody has unpacked.
void Installer::make_available(const ChangeRequest& request) {
  FileSystem& files = surroundings_.files;
  if (const auto tarball = tarball_of(files, host_, request.version, request.tarball)) {
    return stage(*tarball, request.version);
  }
  if (rel_file_of(files, host_, request.version)) return;
  throw Error(ErrorCode::usage, "there is no release " + request.version + " on this host")
      .with_hint("put its tarball to " +
                 host_.path("releases/" + host_.name + "-" + request.version + ".tar.gz") +
                 ", or name it with --tarball");
}

void Installer::stage(const std::string& tarball, const std::string& version) {
  Step checking(surroundings_.progress, surroundings_.clock, "verify", base_name(tarball));
  const IncomingRelease incoming = check_tarball(surroundings_.files, tarball, version);
  checking.done(incoming.has_manifest ? "checksums are right" : "no checksum manifest in it");
  Step staging(surroundings_.progress, surroundings_.clock, "stage", "unpacking");
  staging_ = std::make_unique<Staging>(surroundings_.files, host_);
  try {
    staging_->extract(incoming);
    staging_->publish(incoming);
  } catch (const Error&) {
    staging_.reset();
    throw;
  }
  const std::size_t moved = staging_->published().size();
  staging.done(std::to_string(moved) + (moved == 1 ? " directory is new" : " directories are new"));
}

void Installer::seed_if_missing() {
  if (surroundings_.files.is_file(host_.releases_file())) return;
  Step step(surroundings_.progress, surroundings_.clock, "seed", "releases/RELEASES is missing");
  const auto rel_file = rel_file_of(surroundings_.files, host_, host_.boot.version);
  ReleaseHandler(*channel_).seed_releases(host_.path("releases"), *rel_file);
  is_seeded_ = true;
  step.done("written for " + host_.boot.version);
}

void Installer::register_release(const std::string& version) {
  const auto rel_file = rel_file_of(surroundings_.files, host_, version);
  is_registered_ = true;  // as far as we know, should the answer be lost
  ReleaseHandler(*channel_).set_unpacked(*rel_file);
}

// Over a line of its own, since the one that we have may be what has failed.
void Installer::unregister_release(const std::string& version) {
  channel_ = surroundings_.connect();
  try {
    ReleaseHandler(*channel_).set_removed(version);
  } catch (const ReleaseHandlerError& error) {
    if (!error.reason().is_tagged("no_such_release", 2)) throw;
  }
}

// Undoes what was done before the install. The first failure is the one to tell, so nothing is
// thrown. The files of a release that the node may still know stay where they are.
void Installer::forget(const std::string& version) {
  try {
    if (is_registered_) unregister_release(version);
    is_registered_ = false;
    if (is_seeded_) surroundings_.files.remove_all(host_.releases_file());
    is_seeded_ = false;
    if (staging_) staging_->undo();
    staging_.reset();
  } catch (const Error&) {
    staging_.reset();
  }
}

std::optional<std::string> Installer::relup_of(const std::string& version) const {
  return surroundings_.files.read_if_exists(host_.release_directory(version) + "/relup");
}

ScriptSummary Installer::choose_script(const std::string& from, const ChangeRequest& request) {
  const bool up = request.direction == appup::Direction::up;
  const auto script = find_script(from, request.version, relup_of(from), relup_of(request.version));
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

// Those of `modules` whose old code is still in use, once nobody leaves it any more or `patience`
// is over.
std::vector<OldCode> Installer::wait_for_old_code(const std::vector<Atom>& modules,
                                                  Milliseconds patience) {
  LiveModules live(*channel_);
  const auto deadline = surroundings_.clock.steady() + patience;
  for (;;) {
    std::vector<OldCode> in_use;
    for (const Atom module : live.with_old_code(modules)) {
      OldCode old_code = live.holders(module);
      if (!old_code.processes.empty()) in_use.push_back(std::move(old_code));
    }
    if (in_use.empty() || surroundings_.clock.steady() >= deadline) return in_use;
    surroundings_.clock.sleep(poll_interval);
  }
}

// The release handler refuses at once and for one module; this waits for those who are about to
// leave, names all that do not, and who is in their way.
void Installer::refuse_if_old_code_in_use(const ScriptSummary& script) {
  std::string culprits;
  for (const OldCode& old_code : wait_for_old_code(script.purged_softly, check_patience)) {
    culprits += "\n  " + old_code.module.name() + ": " + joined(old_code.processes);
  }
  if (culprits.empty()) return;
  throw Error(ErrorCode::answer_is_no,
              "processes still run code from before the last change, which this one would purge:" +
                  culprits)
      .with_hint("wait until they are done, or restart them, then try again");
}

void Installer::refuse_if_busy(const ScriptSummary& script) {
  const auto busy = find_busy_process(*channel_, script.suspended);
  if (!busy) return;
  throw Error(ErrorCode::answer_is_no,
              "a process is busy and cannot be suspended, so it would go on with new code and its "
              "old state: " +
                  *busy)
      .with_hint("wait until it is done, or restart it, then try again");
}

ScriptSummary Installer::check(const std::string& from, const ChangeRequest& request) {
  Step step(surroundings_.progress, surroundings_.clock, "check", "with the release handler");
  ScriptSummary script = choose_script(from, request);
  refuse_if_old_code_in_use(script);
  refuse_if_busy(script);
  if (needs_agent(surroundings_.files, host_, request.version)) {
    AgentSteps(*channel_, host_)
        .environment(request.version);  // fails where it cannot be installed
  }
  try {
    ReleaseHandler(*channel_).check_install(request.version);
  } catch (const ReleaseHandlerError& error) {
    // The check runs what stands before the point of no return, and that has crashed.
    if (error.reason().is_tagged("EXIT", 2)) explain_failed_install(from, request.version, error);
    throw;
  }
  step.done(counted(script.loaded.size(), "module") + " to load, processes of " +
            counted(script.suspended.size(), "module") + " to suspend");
  return script;
}

ReleaseHandler::Installed Installer::ask_to_install(const std::string& version) {
  if (needs_agent(surroundings_.files, host_, version)) {
    return AgentSteps(*channel_, host_).install(version);
  }
  return ReleaseHandler(*channel_).install(version);
}

void Installer::install(const std::string& from, const std::string& version) {
  Step step(surroundings_.progress, surroundings_.clock, "install", from + " -> " + version);
  try {
    const auto installed = ask_to_install(version);
    if (installed == ReleaseHandler::Installed::restarting && !comes_up(version)) {
      throw Error(ErrorCode::unavailable, "the node did not come back with " + version);
    }
  } catch (const node::NodeError& error) {
    // Sent, and no answer: the node knows how it went, if it still runs.
    const bool may_have_run = error.delivery() != node::Delivery::not_sent;
    if (!may_have_run || !comes_up(version)) explain_failed_install(from, version, error);
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
      channel_ = surroundings_.connect();
      const Term status = channel_->call("init", "get_status", {}, Milliseconds{5'000});
      const Releases releases = ReleaseHandler(*channel_).which_releases();
      const KnownRelease* now = running_release(releases);
      const bool is_started =
          status.is_tagged("started", 2) || (*status.as_tuple())[0].is_atom("started");
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
  restore_configs(surroundings_.files, host_);
  if (is_old) {
    forget(version);
    throw Error(ErrorCode::rolled_back, "the change to " + version + " failed; the old release " +
                                            from + " is verified to be running")
        .because_of(cause);
  }
  throw Error(ErrorCode::uncertain,
              "the change to " + version + " failed, and what the node runs is not certain")
      .because_of(cause)
      .with_hint("look with `relup status`; a restart boots release " + host_.boot.version);
}

release::ReleaseTree Installer::tree_of(const std::string& version) const {
  return release::load_release(
      release::resolve_reference(surroundings_.files, host_.root + "@" + version), {});
}

bool Installer::is_proved(const std::string& version) {
  try {
    return LiveModules(*channel_).differences(tree_of(version)).empty();
  } catch (const Error&) {
    return false;
  }
}

// The code in memory is that of the files, module by module. If it is not, the node goes back.
void Installer::prove(const std::string& from, const std::string& version) {
  Step step(surroundings_.progress, surroundings_.clock, "prove", "the code in memory");
  const release::ReleaseTree tree = tree_of(version);
  const std::vector<std::string> differences = LiveModules(*channel_).differences(tree);
  const KnownRelease now = running(ReleaseHandler(*channel_).which_releases());
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
void Installer::drain(const ScriptSummary& script, Outcome& outcome) {
  Step step(surroundings_.progress, surroundings_.clock, "drain", "until nobody runs old code");
  const std::vector<OldCode> left = wait_for_old_code(script.loaded, drain_patience);
  if (left.empty()) return step.done("nobody runs old code");
  std::string victims;
  for (const OldCode& old_code : left) {
    const std::vector<Atom>& brutal = script.purged_brutally;
    const std::string line = old_code.module.name() + ": " + joined(old_code.processes);
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

void Installer::make_permanent(const std::string& version) {
  Step step(surroundings_.progress, surroundings_.clock, "commit",
            "makes " + version + " permanent");
  if (needs_agent(surroundings_.files, host_, version)) {
    AgentSteps(*channel_, host_).make_permanent(version);
  } else {
    ReleaseHandler(*channel_).make_permanent(version);
  }
  const std::string data = surroundings_.files.read(host_.start_erl_data());
  const release::StartErlData boot = release::parse_start_erl_data(host_.start_erl_data(), data);
  if (boot.version != version) {
    throw Error(ErrorCode::uncertain, host_.start_erl_data() + " says " + boot.version +
                                          " although the node made " + version + " permanent");
  }
  step.done("it boots after a restart");
}

Outcome Installer::commit() {
  const std::unique_ptr<FileLock> held = lock();
  connect();
  const Releases releases = ReleaseHandler(*channel_).which_releases();
  const KnownRelease& now = running(releases);
  const KnownRelease* permanent = permanent_release(releases);
  if (now.status == "permanent") {
    throw Error(ErrorCode::answer_is_no,
                "nothing to commit: release " + now.version + " is permanent");
  }
  Outcome outcome{permanent == nullptr ? "" : permanent->version, now.version, false, {}};
  const auto script =
      find_script(outcome.from, outcome.to, relup_of(outcome.from), relup_of(outcome.to));
  if (script) drain(*script, outcome);
  make_permanent(outcome.to);
  outcome.committed = true;
  return outcome;
}

Outcome Installer::rollback() {
  const std::unique_ptr<FileLock> held = lock();
  connect();
  const Releases releases = ReleaseHandler(*channel_).which_releases();
  const KnownRelease& now = running(releases);
  const KnownRelease* permanent = permanent_release(releases);
  if (now.status == "permanent" || permanent == nullptr) {
    throw Error(ErrorCode::answer_is_no,
                "nothing to roll back: release " + now.version + " is permanent")
        .with_hint("`relup downgrade VERSION` goes back to an older release");
  }
  Outcome outcome{now.version, permanent->version, true, {}};
  const auto script =
      find_script(outcome.from, outcome.to, relup_of(outcome.from), relup_of(outcome.to));
  if (script) {
    refuse_if_old_code_in_use(*script);
    refuse_if_busy(*script);
  }
  install(outcome.from, outcome.to);
  prove(outcome.from, outcome.to);
  return outcome;
}

Outcome Installer::remove(const std::string& version) {
  const std::unique_ptr<FileLock> held = lock();
  connect();
  const Releases releases = ReleaseHandler(*channel_).which_releases();
  const KnownRelease* release = find_release(releases, version);
  if (release == nullptr) {
    std::vector<std::string> known;
    for (const KnownRelease& each : releases)
      known.push_back(each.version);
    throw Error(ErrorCode::usage, "the node does not know release " + version)
        .with_hint("it knows " + joined(known));
  }
  if (release->status != "old" && release->status != "unpacked") {
    throw Error(ErrorCode::answer_is_no,
                "release " + version + " is " + release->status + " and stays");
  }
  // Without RELEASES the node believes that the running release has no libraries of its own, and
  // would delete them with the old one.
  seed_if_missing();
  Step step(surroundings_.progress, surroundings_.clock, "remove", version);
  ReleaseHandler(*channel_).remove(version);
  step.done();
  return {version, "", true, {}};
}

}  // namespace relup::install
