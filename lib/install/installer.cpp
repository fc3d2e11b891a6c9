// SPDX-License-Identifier: Apache-2.0
#include "install/installer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/words.hpp"
#include "install/kept_configs.hpp"
#include "install/launcher.hpp"
#include "install/live_modules.hpp"
#include "install/missing_relup.hpp"
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
  reconnect();
  refuse_if_job_runs();
  restore_configs(surroundings_.files, host_);
  step.done(channel_->node_name());
}

// The work of a relup that was killed goes on, and its files are not ours to touch.
void Installer::refuse_if_job_runs() {
  const auto job = agent_->unheard_job();
  if (!job) return;
  if (!job->is_running) return agent_->forget_job();  // what it did is seen in the releases
  throw Error(ErrorCode::unavailable, job->text)
      .with_hint("wait until it is done; `relup status` tells how it went");
}

void Installer::reconnect() {
  agent_.reset();
  channel_ = surroundings_.connect();
  agent_ = std::make_unique<AgentVerbs>(*channel_, host_);
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
  Outcome outcome{"", request.version, false, {}};
  ScriptSummary script;
  try {
    script = prepare(request, outcome);
  } catch (const Error&) {
    forget(request.version);
    throw;
  }
  install(outcome.from, request.version);
  prove(outcome.from, request.version);
  staging_.reset();
  if (request.commit == CommitWhen::later) return outcome;
  drain(script, outcome);
  make_permanent(outcome);
  return outcome;
}

// Everything before the install. What it does is undone when it fails.
ScriptSummary Installer::prepare(const ChangeRequest& request, Outcome& outcome) {
  settle();
  const Releases releases = ReleaseHandler(*channel_).which_releases();
  refuse_if_pointless(request, releases);
  outcome.from = running(releases).version;
  const bool is_known = find_release(releases, request.version) != nullptr;
  if (!is_known) make_available(request, outcome);
  check_launcher(surroundings_.files, host_, request.version);
  if (!is_known) register_release(request.version);
  const ScriptSummary script = check(outcome.from, request);
  boot_what_is_permanent(releases);
  return script;
}

// From a tarball, or from a directory that somebody has unpacked.
void Installer::make_available(const ChangeRequest& request, Outcome& outcome) {
  FileSystem& files = surroundings_.files;
  if (const auto tarball = tarball_of(files, host_, request.version, request.tarball)) {
    return stage(*tarball, outcome);
  }
  if (!rel_file_of(files, host_, request.version)) {
    throw no_such_release(host_, request.version);
  }
  const auto relup = missing_relup(release_on(files, host_, request.version), outcome);
  if (!relup) return;
  made_relup_ = host_.release_directory(request.version) + "/relup";
  write_durably(files, *made_relup_, *relup);
}

void Installer::stage(const std::string& tarball, Outcome& outcome) {
  Step checking(surroundings_.progress, surroundings_.clock, "verify", base_name(tarball));
  const IncomingRelease incoming = check_tarball(surroundings_.files, tarball, outcome.to);
  checking.done(incoming.has_manifest ? "checksums are right" : "no checksum manifest in it");
  const auto relup = missing_relup(incoming.tree, outcome);
  Step staging(surroundings_.progress, surroundings_.clock, "stage", "unpacking");
  staging_ = std::make_unique<Staging>(surroundings_.files, host_);
  try {
    staging_->extract(incoming);
    if (relup) staging_->add_relup(*relup);
    staging_->publish(incoming);
  } catch (const Error&) {
    staging_.reset();
    throw;
  }
  const std::size_t moved = staging_->published().size();
  staging.done(std::to_string(moved) + (moved == 1 ? " directory is new" : " directories are new"));
}

// The relup of a release that comes without one; none where one leads to it already.
std::optional<std::string> Installer::missing_relup(const release::ReleaseTree& wanted,
                                                    Outcome& outcome) {
  const auto own = wanted.reference.files->read_if_exists(wanted.own_path("relup"));
  if (own || find_script(outcome.from, outcome.to, relup_of(outcome.from), own)) {
    return std::nullopt;
  }
  Step step(surroundings_.progress, surroundings_.clock, "generate",
            "the relup, since it has none");
  MadeRelup made = make_relup(release_on(surroundings_.files, host_, outcome.from), wanted);
  outcome.notes.insert(outcome.notes.end(), made.warnings.begin(), made.warnings.end());
  step.done(made.warnings.empty() ? "" : counted(made.warnings.size(), "warning"));
  return std::move(made.text);
}

// The release handler of the node works in this root and knows what runs.
void Installer::settle() {
  if (surroundings_.files.is_file(host_.releases_file())) return agent_->settle();
  Step step(surroundings_.progress, surroundings_.clock, "seed", "releases/RELEASES is missing");
  is_seeded_ = true;
  agent_->settle();
  step.done("written for " + agent_->found().version);
}

// A build that overwrites the root of a running node leaves start_erl.data with the new version.
// Until that is committed, a restart has to boot the old one.
void Installer::boot_what_is_permanent(const Releases& releases) {
  const KnownRelease* permanent = permanent_release(releases);
  FileSystem& files = surroundings_.files;
  const auto boot =
      release::parse_start_erl_data(host_.start_erl_data(), files.read(host_.start_erl_data()));
  if (permanent == nullptr || boot.version == permanent->version) return;
  write_durably(files, host_.start_erl_data(),
                release_on(files, host_, permanent->version).release.rel.erts_version + " " +
                    permanent->version);
}

void Installer::register_release(const std::string& version) {
  const auto rel_file = rel_file_of(surroundings_.files, host_, version);
  is_registered_ = true;  // as far as we know, should the answer be lost
  agent_->register_release(*rel_file);
}

// Over a line of its own, since the one that we have may be what has failed.
void Installer::unregister_release(const std::string& version) {
  reconnect();
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
    if (made_relup_) surroundings_.files.remove_all(*made_relup_);
    made_relup_.reset();
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
  const auto deadline = surroundings_.clock.steady() + patience;
  for (;;) {
    std::vector<OldCode> in_use = agent_->old_code(modules);
    std::erase_if(in_use, [](const OldCode& old_code) { return old_code.processes.empty(); });
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

// Code and state are changed by what leads from `from`; on other code that does harm.
void Installer::refuse_if_unproved(const std::string& from, const ScriptSummary& script) {
  std::vector<std::string> faults;
  for (const MemoryDifference& each :
       differences_in_memory(*agent_, release_on(surroundings_.files, host_, from))) {
    const auto& loaded = script.loaded;
    const bool is_changed =
        !each.module || std::find(loaded.begin(), loaded.end(), *each.module) != loaded.end();
    if (is_changed) faults.push_back(each.text);
  }
  if (faults.empty()) return;
  throw Error(ErrorCode::answer_is_no,
              "the node does not run the code of " + from +
                  ", which its release handler takes it to run: " + joined(faults))
      .with_hint("restart the node, so that both agree, then try again");
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
  refuse_if_unproved(from, script);
  refuse_if_old_code_in_use(script);
  refuse_if_busy(script);
  agent_->environment(request.version, {});  // fails where it cannot be installed
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

AgentVerbs::Install Installer::ask_to_install(const std::string& version) {
  try {
    agent_->begin_install(version);
  } catch (const node::NodeError& error) {
    if (error.delivery() != node::Delivery::unknown) throw;
    agent_.reset();
  }
  return wait_for_install(version);
}

// The install goes on when the line breaks, and its end can be asked for over a new one.
AgentVerbs::Install Installer::wait_for_install(const std::string& version) {
  Clock& clock = surroundings_.clock;
  auto silence_ends = clock.steady() + restart_patience;
  for (;;) {
    try {
      if (!agent_) reconnect();
      const AgentVerbs::Install state = agent_->install_state(version);
      if (state != AgentVerbs::Install::running) return state;
      silence_ends = clock.steady() + restart_patience;
    } catch (const node::NodeError&) {
      if (clock.steady() >= silence_ends) throw;
      agent_.reset();
      clock.sleep(poll_interval);
    }
  }
}

void Installer::install(const std::string& from, const std::string& version) {
  Step step(surroundings_.progress, surroundings_.clock, "install", from + " -> " + version);
  try {
    const AgentVerbs::Install state = ask_to_install(version);
    if (state != AgentVerbs::Install::done && !comes_up(version)) {
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
      reconnect();
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

bool Installer::is_proved(const std::string& version) {
  try {
    return differences_in_memory(*agent_, release_on(surroundings_.files, host_, version)).empty();
  } catch (const Error&) {
    return false;
  }
}

// The code in memory is that of the files, module by module. If it is not, the node goes back.
void Installer::prove(const std::string& from, const std::string& version) {
  Step step(surroundings_.progress, surroundings_.clock, "prove", "the code in memory");
  const release::ReleaseTree tree = release_on(surroundings_.files, host_, version);
  std::vector<std::string> differences;
  for (MemoryDifference& each : differences_in_memory(*agent_, tree))
    differences.push_back(std::move(each.text));
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

void Installer::make_permanent(Outcome& outcome) {
  const std::string& version = outcome.to;
  Step step(surroundings_.progress, surroundings_.clock, "commit",
            "makes " + version + " permanent");
  for (std::string& note : agent_->make_permanent(version))
    outcome.notes.push_back(std::move(note));
  switch_launcher(surroundings_.files, host_, version);
  const std::string data = surroundings_.files.read(host_.start_erl_data());
  const release::StartErlData boot = release::parse_start_erl_data(host_.start_erl_data(), data);
  if (boot.version != version) {
    throw Error(ErrorCode::uncertain, host_.start_erl_data() + " says " + boot.version +
                                          " although the node made " + version + " permanent");
  }
  outcome.committed = true;
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
  make_permanent(outcome);
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
  // Without RELEASES the node believes that the running release has no libraries of its own, and
  // would delete them with the old one.
  settle();
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
  Step step(surroundings_.progress, surroundings_.clock, "remove", version);
  agent_->remove(version);
  surroundings_.files.remove_all(host_.path(launcher_of(host_.name, version)));
  step.done();
  return {version, "", true, {}};
}

}  // namespace relup::install
