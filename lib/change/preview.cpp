// SPDX-License-Identifier: Apache-2.0
#include "change/preview.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "change/gates.hpp"
#include "change/missing_relup.hpp"
#include "host/kept_configs.hpp"
#include "host/launcher.hpp"
#include "host/staging.hpp"
#include "live/suspend_probe.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds quick{10'000};

std::vector<std::string> repairs_for(FileSystem& files, const host::Host& host,
                                     const HostStatus& status,
                                     const live::AgentVerbs::Found& found) {
  std::vector<std::string> repairs;
  if (found.elsewhere) {
    repairs.push_back(
        "the node runs on the system's OTP, and its release handler keeps releases in " +
        *found.elsewhere + ": it is shown this root before the first change");
  }
  if (!files.is_file(host.releases_file())) {
    repairs.push_back("releases/RELEASES is missing: it is written before the first change");
  }
  for (const std::string& version : host::unfinished_configs(files, host)) {
    repairs.push_back("releases/" + version +
                      "/sys.config is one that an install resolved and left behind: the original "
                      "is put back before the next change");
  }
  const live::KnownRelease* permanent = live::permanent_release(status.releases);
  if (permanent != nullptr && permanent->version != host.boot.version) {
    repairs.push_back("releases/start_erl.data boots " + host.boot.version + ", but " +
                      permanent->version +
                      " is permanent: it is set right before the next install");
  }
  const auto launched = host::launched_version(files, host);
  if (launched && permanent != nullptr && *launched != permanent->version) {
    repairs.push_back("bin/" + host.name + " starts " + *launched + ", but " + permanent->version +
                      " is permanent: the next commit replaces it");
  }
  return repairs;
}

std::string holders_text(const live::OldCode& old_code) {
  std::string text = old_code.module.name() + ":";
  for (const std::string& process : old_code.processes)
    text += " " + process;
  return text;
}

// The wanted release, in its tarball or in the root.
class Wanted {
 public:
  Wanted(FileSystem& files, const host::Host& host, const CheckRequest& request) {
    const auto tarball = host::tarball_of(files, host, request.version, request.tarball);
    if (tarball) {
      const host::IncomingRelease incoming = host::check_tarball(files, *tarball, request.version);
      tree_ = incoming.tree;
      note_ = "from " + *tarball + (incoming.has_manifest ? ", checksums are right" : "");
    } else if (host::rel_file_of(files, host, request.version)) {
      tree_ = host::release_on(files, host, request.version);
      note_ = "unpacked already";
    } else {
      throw host::no_such_release(host, request.version);
    }
    is_unpacked_ = !tarball;
  }

  const release::ReleaseTree& tree() const { return tree_; }
  const std::string& note() const { return note_; }

  std::optional<std::string> file(const std::string& name) const {
    return tree_.reference.files->read_if_exists(tree_.own_path(name));
  }

  // What its configuration may be made of; nothing where the node finds that itself.
  std::vector<live::FileToSend> files_to_send() const {
    std::vector<live::FileToSend> sent;
    if (is_unpacked_) return sent;
    for (const std::string& path : tree_.reference.files->paths()) {
      const bool is_compiled = path.ends_with(".beam") || path.ends_with(".boot");
      if (path.starts_with(tree_.own_path("")) && !is_compiled)
        sent.emplace_back(path, tree_.reference.files->read(path));
    }
    return sent;
  }

 private:
  release::ReleaseTree tree_;
  std::string note_;
  bool is_unpacked_ = false;
};

// A look at one change, that adds to `result` what it finds.
class Check {
 public:
  Check(FileSystem& files, const host::Host& host, node::NodeChannel& channel,
        live::AgentVerbs& agent, CheckResult& result)
      : files_(files), host_(host), channel_(channel), agent_(agent), result_(result) {}

  void look(const CheckRequest& request) {
    const Wanted wanted(files_, host_, request);
    result_.notes.push_back(wanted.note());
    const release::ReleaseTree running = host::release_on(files_, host_, result_.from);
    look_at_job();
    look_at_settings(wanted);
    look_at_start_files(running, wanted);
    look_at_launcher(wanted);
    const auto script = find_or_make_script(running, wanted);
    if (!script) {
      result_.objections.push_back("no relup leads from " + result_.from + " to " + result_.to);
      return;
    }
    result_.script = *script;
    look_at_memory(running);
    look_at_processes();
  }

 private:
  void object(const Error& error) {
    result_.objections.push_back(error.message() +
                                 (error.hint().empty() ? "" : "; " + error.hint()));
  }

  void look_at_job() {
    const auto job = agent_.unheard_job();
    if (!job) return;
    (job->is_running ? result_.objections : result_.notes).push_back(job->text);
  }

  void look_at_settings(const Wanted& wanted) {
    try {
      const live::Settings configuration =
          live::read_settings(agent_.environment(result_.to, wanted.files_to_send()));
      const live::Settings release = live::settings_of(wanted.tree(), configuration,
                                                       live::read_settings(agent_.command_line()));
      result_.settings = live::compare_settings(live::read_settings(agent_.settings()), release);
    } catch (const node::NodeError&) {
      throw;
    } catch (const Error& error) {
      object(error);
    }
  }

  // What a node reads only when its operating system process starts.
  void look_at_start_files(const release::ReleaseTree& running, const Wanted& wanted) {
    for (const char* name : {"vm.args", "vm.args.src", "env.sh"}) {
      const auto before = running.reference.files->read_if_exists(running.own_path(name));
      if (before == wanted.file(name)) continue;
      result_.notes.push_back(std::string(name) +
                              " changes: that takes effect when the node is started again");
    }
  }

  void look_at_launcher(const Wanted& wanted) {
    if (wanted.tree().reference.files->exists(host::launcher_of(host_.name, result_.to))) return;
    try {
      host::check_launcher(files_, host_, result_.to);
    } catch (const Error& error) {
      object(error);
    }
  }

  std::optional<host::ScriptSummary> find_or_make_script(const release::ReleaseTree& running,
                                                         const Wanted& wanted) {
    const auto of_running = host::relup_of(files_, host_, running.version());
    auto of_wanted = wanted.file("relup");
    auto script = host::find_script(result_.from, result_.to, of_running, of_wanted);
    if (script || of_wanted) return script;
    try {
      const MadeRelup made = make_relup(running, wanted.tree());
      result_.notes.emplace_back("it comes without a relup: one is made from the two releases");
      result_.notes.insert(result_.notes.end(), made.warnings.begin(), made.warnings.end());
      return host::find_script(result_.from, result_.to, of_running, made.text);
    } catch (const Error& error) {
      object(error);
      return std::nullopt;
    }
  }

  // As the installer refuses it.
  void look_at_memory(const release::ReleaseTree& running) {
    for (const live::MemoryDifference& each : live::differences_in_memory(agent_, running)) {
      (is_in_the_way(each, result_.script) ? result_.objections : result_.notes)
          .push_back("not the code of " + result_.from + ": " + each.text);
    }
  }

  void look_at_processes() {
    for (const live::OldCode& old_code : agent_.old_code(result_.script.purged_softly)) {
      if (old_code.processes.empty()) continue;
      result_.objections.push_back("old code is still in use: " + holders_text(old_code));
    }
    if (const auto busy = live::find_busy_process(channel_, result_.script.suspended)) {
      result_.objections.push_back("a process is busy and cannot be suspended: " + *busy);
    }
    for (const Atom module : result_.script.purged_brutally) {
      result_.notes.push_back(
          "the relup purges " + module.name() +
          " brutally: who is still in its old code at the commit would be killed");
    }
  }

  FileSystem& files_;
  const host::Host& host_;
  node::NodeChannel& channel_;
  live::AgentVerbs& agent_;
  CheckResult& result_;
};

// A release handler that looks elsewhere knows nothing of ours.
std::vector<live::KnownRelease> releases_of(const host::Host& host, node::NodeChannel& channel,
                                            const live::AgentVerbs::Found& found) {
  if (found.elsewhere) return {{host.name, found.version, {}, "permanent"}};
  return live::ReleaseHandler(channel).which_releases();
}

}  // namespace

HostStatus look_at_host(FileSystem& files, const host::Host& host, node::NodeChannel& channel) {
  HostStatus status;
  status.node = channel.node_name();
  status.otp = channel.call("erlang", "system_info", {Term::atom("otp_release")}, quick)
                   .text()
                   .value_or("unknown");
  live::AgentVerbs agent(channel, host);
  const live::AgentVerbs::Found found = agent.found();
  status.releases = releases_of(host, channel, found);
  if (const live::KnownRelease* running = live::running_release(status.releases)) {
    status.running = running->version;
    status.is_uncommitted = running->status != "permanent";
  }
  status.boots = host::launched_version(files, host).value_or(host.boot.version);
  status.old_code = agent.old_code();
  status.repairs = repairs_for(files, host, status, found);
  if (const auto job = agent.unheard_job()) status.repairs.push_back(job->text);
  return status;
}

CheckResult check_change(FileSystem& files, const host::Host& host, node::NodeChannel& channel,
                         const CheckRequest& request) {
  live::AgentVerbs agent(channel, host);
  const std::vector<live::KnownRelease> releases = releases_of(host, channel, agent.found());
  const live::KnownRelease* running = live::running_release(releases);
  CheckResult result;
  result.to = request.version;
  if (running == nullptr) {
    result.objections.push_back("the node runs no release");
    return result;
  }
  result.from = running->version;
  if (running->version == request.version) {
    result.objections.push_back("release " + request.version + " is running already");
    return result;
  }
  if (running->status != "permanent") {
    result.objections.push_back("release " + running->version + " is installed but not committed");
  }
  Check(files, host, channel, agent, result).look(request);
  return result;
}

}  // namespace relup::change
