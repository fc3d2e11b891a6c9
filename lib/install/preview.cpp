// SPDX-License-Identifier: Apache-2.0
#include "install/preview.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "install/agent_steps.hpp"
#include "install/staging.hpp"
#include "install/suspend_probe.hpp"

namespace relup::install {
namespace {

constexpr Milliseconds quick{10'000};

std::vector<OldCode> held_old_code(LiveModules& modules, const std::vector<Atom>& candidates) {
  std::vector<OldCode> held;
  for (const Atom module : modules.with_old_code(candidates))
    held.push_back(modules.holders(module));
  return held;
}

std::vector<std::string> repairs_for(FileSystem& files, const Host& host,
                                     const HostStatus& status) {
  std::vector<std::string> repairs;
  if (!files.is_file(host.releases_file())) {
    repairs.push_back("releases/RELEASES is missing: it is written before the first change");
  }
  for (const std::string& version : unfinished_configs(files, host)) {
    repairs.push_back("releases/" + version +
                      "/sys.config is one that an install resolved and left behind: the original "
                      "is put back before the next change");
  }
  if (!status.is_uncommitted && status.running != status.boots) {
    repairs.push_back("the node runs " + status.running + " but releases/start_erl.data boots " +
                      status.boots);
  }
  return repairs;
}

std::string holders_text(const OldCode& old_code) {
  std::string text = old_code.module.name() + ":";
  for (const std::string& process : old_code.processes)
    text += " " + process;
  return text;
}

// The files of the wanted release, from its tarball or from the root.
class Wanted {
 public:
  Wanted(FileSystem& files, const Host& host, const CheckRequest& request) {
    const bool is_here = rel_file_of(files, host, request.version).has_value();
    const auto tarball = tarball_of(files, host, request.version, request.tarball);
    if (!is_here && !tarball) {
      throw Error(ErrorCode::usage, "there is no release " + request.version + " on this host")
          .with_hint("put its tarball to " +
                     host.path("releases/" + host.name + "-" + request.version + ".tar.gz") +
                     ", or name it with --tarball");
    }
    const std::string path = "releases/" + request.version + "/relup";
    if (tarball) {
      const IncomingRelease incoming = check_tarball(files, *tarball, request.version);
      relup_ = incoming.tree.reference.files->read_if_exists(path);
      note_ = "from " + *tarball + (incoming.has_manifest ? ", checksums are right" : "");
    } else {
      relup_ = files.read_if_exists(host.path(path));
      note_ = "unpacked already";
    }
  }

  const std::optional<std::string>& relup() const { return relup_; }
  const std::string& note() const { return note_; }

 private:
  std::optional<std::string> relup_;
  std::string note_;
};

}  // namespace

HostStatus look_at_host(FileSystem& files, const Host& host, node::NodeChannel& channel) {
  HostStatus status;
  status.node = channel.node_name();
  status.otp = channel.call("erlang", "system_info", {Term::atom("otp_release")}, quick)
                   .text()
                   .value_or("unknown");
  status.releases = ReleaseHandler(channel).which_releases();
  if (const KnownRelease* running = running_release(status.releases)) {
    status.running = running->version;
    status.is_uncommitted = running->status != "permanent";
  }
  status.boots = host.boot.version;
  LiveModules modules(channel);
  status.old_code = held_old_code(modules, modules.loaded());
  status.repairs = repairs_for(files, host, status);
  return status;
}

CheckResult check_change(FileSystem& files, const Host& host, node::NodeChannel& channel,
                         const CheckRequest& request) {
  const std::vector<KnownRelease> releases = ReleaseHandler(channel).which_releases();
  const KnownRelease* running = running_release(releases);
  CheckResult result{running == nullptr ? "" : running->version, request.version, {}, {}, {}};
  if (running == nullptr) {
    result.objections.push_back("the node runs no release");
    return result;
  }
  if (running->version == request.version) {
    result.objections.push_back("release " + request.version + " is running already");
    return result;
  }
  if (running->status != "permanent") {
    result.objections.push_back("release " + running->version + " is installed but not committed");
  }
  const Wanted wanted(files, host, request);
  result.notes.push_back(wanted.note());
  const auto relup_of_running =
      files.read_if_exists(host.release_directory(running->version) + "/relup");
  const auto script = find_script(result.from, result.to, relup_of_running, wanted.relup());
  if (!script) {
    result.objections.push_back("no relup leads from " + result.from + " to " + result.to);
    return result;
  }
  result.script = *script;
  LiveModules modules(channel);
  for (const OldCode& old_code : held_old_code(modules, script->purged_softly)) {
    if (old_code.processes.empty()) continue;
    result.objections.push_back("old code is still in use: " + holders_text(old_code));
  }
  if (const auto busy = find_busy_process(channel, script->suspended)) {
    result.objections.push_back("a process is busy and cannot be suspended: " + *busy);
  }
  for (const Atom module : script->purged_brutally) {
    result.notes.push_back("the relup purges " + module.name() +
                           " brutally: who is still in its old code at the commit would be killed");
  }
  return result;
}

}  // namespace relup::install
