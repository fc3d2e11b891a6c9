// SPDX-License-Identifier: Apache-2.0
#include "install/preview.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "install/gates.hpp"
#include "install/kept_configs.hpp"
#include "install/launcher.hpp"
#include "install/missing_relup.hpp"
#include "install/staging.hpp"
#include "install/suspend_probe.hpp"

namespace relup::install {
namespace {

constexpr Milliseconds quick{10'000};

std::vector<std::string> repairs_for(FileSystem& files, const Host& host, const HostStatus& status,
                                     const AgentVerbs::Found& found) {
  std::vector<std::string> repairs;
  if (found.elsewhere) {
    repairs.push_back(
        "the node runs on the system's OTP, and its release handler keeps releases in " +
        *found.elsewhere + ": it is shown this root before the first change");
  }
  if (!files.is_file(host.releases_file())) {
    repairs.push_back("releases/RELEASES is missing: it is written before the first change");
  }
  for (const std::string& version : unfinished_configs(files, host)) {
    repairs.push_back("releases/" + version +
                      "/sys.config is one that an install resolved and left behind: the original "
                      "is put back before the next change");
  }
  const KnownRelease* permanent = permanent_release(status.releases);
  if (permanent != nullptr && permanent->version != host.boot.version) {
    repairs.push_back("releases/start_erl.data boots " + host.boot.version + ", but " +
                      permanent->version +
                      " is permanent: it is set right before the next install");
  }
  const auto launched = launched_version(files, host);
  if (launched && permanent != nullptr && *launched != permanent->version) {
    repairs.push_back("bin/" + host.name + " starts " + *launched + ", but " + permanent->version +
                      " is permanent: the next commit replaces it");
  }
  return repairs;
}

std::string holders_text(const OldCode& old_code) {
  std::string text = old_code.module.name() + ":";
  for (const std::string& process : old_code.processes)
    text += " " + process;
  return text;
}

// The wanted release, in its tarball or in the root.
class Wanted {
 public:
  Wanted(FileSystem& files, const Host& host, const CheckRequest& request) {
    const auto tarball = tarball_of(files, host, request.version, request.tarball);
    if (tarball) {
      const IncomingRelease incoming = check_tarball(files, *tarball, request.version);
      tree_ = incoming.tree;
      note_ = "from " + *tarball + (incoming.has_manifest ? ", checksums are right" : "");
    } else if (rel_file_of(files, host, request.version)) {
      tree_ = release_on(files, host, request.version);
      note_ = "unpacked already";
    } else {
      throw no_such_release(host, request.version);
    }
    is_unpacked_ = !tarball;
  }

  const release::ReleaseTree& tree() const { return tree_; }
  const std::string& note() const { return note_; }

  std::optional<std::string> file(const std::string& name) const {
    return tree_.reference.files->read_if_exists(tree_.own_path(name));
  }

  // What its configuration may be made of; nothing where the node finds that itself.
  std::vector<FileToSend> files_to_send() const {
    std::vector<FileToSend> sent;
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
  Check(FileSystem& files, const Host& host, node::NodeChannel& channel, AgentVerbs& agent,
        CheckResult& result)
      : files_(files), host_(host), channel_(channel), agent_(agent), result_(result) {}

  void look(const CheckRequest& request) {
    const Wanted wanted(files_, host_, request);
    result_.notes.push_back(wanted.note());
    const release::ReleaseTree running = release_on(files_, host_, result_.from);
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
      const Settings configuration =
          read_settings(agent_.environment(result_.to, wanted.files_to_send()));
      const Settings release =
          settings_of(wanted.tree(), configuration, read_settings(agent_.command_line()));
      result_.settings = compare_settings(read_settings(agent_.settings()), release);
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
    if (wanted.tree().reference.files->exists(launcher_of(host_.name, result_.to))) return;
    try {
      check_launcher(files_, host_, result_.to);
    } catch (const Error& error) {
      object(error);
    }
  }

  std::optional<ScriptSummary> find_or_make_script(const release::ReleaseTree& running,
                                                   const Wanted& wanted) {
    const auto of_running = relup_of(files_, host_, running.version());
    auto of_wanted = wanted.file("relup");
    auto script = find_script(result_.from, result_.to, of_running, of_wanted);
    if (script || of_wanted) return script;
    try {
      const MadeRelup made = make_relup(running, wanted.tree());
      result_.notes.emplace_back("it comes without a relup: one is made from the two releases");
      result_.notes.insert(result_.notes.end(), made.warnings.begin(), made.warnings.end());
      return find_script(result_.from, result_.to, of_running, made.text);
    } catch (const Error& error) {
      object(error);
      return std::nullopt;
    }
  }

  // As the installer refuses it.
  void look_at_memory(const release::ReleaseTree& running) {
    for (const MemoryDifference& each : differences_in_memory(agent_, running)) {
      (is_in_the_way(each, result_.script) ? result_.objections : result_.notes)
          .push_back("not the code of " + result_.from + ": " + each.text);
    }
  }

  void look_at_processes() {
    for (const OldCode& old_code : agent_.old_code(result_.script.purged_softly)) {
      if (old_code.processes.empty()) continue;
      result_.objections.push_back("old code is still in use: " + holders_text(old_code));
    }
    if (const auto busy = find_busy_process(channel_, result_.script.suspended)) {
      result_.objections.push_back("a process is busy and cannot be suspended: " + *busy);
    }
    for (const Atom module : result_.script.purged_brutally) {
      result_.notes.push_back(
          "the relup purges " + module.name() +
          " brutally: who is still in its old code at the commit would be killed");
    }
  }

  FileSystem& files_;
  const Host& host_;
  node::NodeChannel& channel_;
  AgentVerbs& agent_;
  CheckResult& result_;
};

// A release handler that looks elsewhere knows nothing of ours.
std::vector<KnownRelease> releases_of(const Host& host, node::NodeChannel& channel,
                                      const AgentVerbs::Found& found) {
  if (found.elsewhere) return {{host.name, found.version, {}, "permanent"}};
  return ReleaseHandler(channel).which_releases();
}

}  // namespace

HostStatus look_at_host(FileSystem& files, const Host& host, node::NodeChannel& channel) {
  HostStatus status;
  status.node = channel.node_name();
  status.otp = channel.call("erlang", "system_info", {Term::atom("otp_release")}, quick)
                   .text()
                   .value_or("unknown");
  AgentVerbs agent(channel, host);
  const AgentVerbs::Found found = agent.found();
  status.releases = releases_of(host, channel, found);
  if (const KnownRelease* running = running_release(status.releases)) {
    status.running = running->version;
    status.is_uncommitted = running->status != "permanent";
  }
  status.boots = launched_version(files, host).value_or(host.boot.version);
  status.old_code = agent.old_code();
  status.repairs = repairs_for(files, host, status, found);
  if (const auto job = agent.unheard_job()) status.repairs.push_back(job->text);
  return status;
}

CheckResult check_change(FileSystem& files, const Host& host, node::NodeChannel& channel,
                         const CheckRequest& request) {
  AgentVerbs agent(channel, host);
  const std::vector<KnownRelease> releases = releases_of(host, channel, agent.found());
  const KnownRelease* running = running_release(releases);
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

}  // namespace relup::install
