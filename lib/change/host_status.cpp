// SPDX-License-Identifier: Apache-2.0
#include "change/host_status.hpp"

#include "change/starting_point.hpp"
#include "host/kept_configs.hpp"
#include "host/launcher.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds quick{10'000};

std::vector<std::string> repairs_for(FileSystem& files, const host::Host& host,
                                     const HostStatus& status, const live::BootedRelease& booted) {
  std::vector<std::string> repairs;
  if (booted.handled_in) {
    repairs.push_back(
        "the node runs on the system's OTP, and its release handler keeps releases in " +
        *booted.handled_in + ": it is shown this root before the first change");
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

}  // namespace

HostStatus look_at_host(FileSystem& files, const host::Host& host, node::NodeChannel& channel) {
  HostStatus status;
  status.node = channel.node_name();
  status.otp = channel.call("erlang", "system_info", {Term::atom("otp_release")}, quick)
                   .text()
                   .value_or("unknown");
  live::AgentVerbs agent(channel, host);
  const live::BootedRelease booted = agent.booted_release();
  status.releases = releases_seen(host, channel, booted);
  if (const live::KnownRelease* running = live::running_release(status.releases)) {
    status.running = running->version;
    status.is_uncommitted = running->status != "permanent";
  }
  status.boots = host::launched_version(files, host).value_or(host.boot.version);
  status.confirmation = agent.confirmation();
  status.old_code = agent.old_code();
  status.repairs = repairs_for(files, host, status, booted);
  if (const auto job = agent.unheard_job()) status.repairs.push_back(job->text);
  return status;
}

}  // namespace relup::change
