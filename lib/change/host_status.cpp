// SPDX-License-Identifier: Apache-2.0
#include "change/host_status.hpp"

#include <algorithm>

#include "change/boot_in_words.hpp"
#include "change/release_book.hpp"
#include "change/right_root.hpp"
#include "change/starting_point.hpp"
#include "host/boot_findings.hpp"
#include "host/boot_repair.hpp"
#include "host/journal.hpp"
#include "host/kept_files.hpp"
#include "host/launcher.hpp"
#include "release/releases_file.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds moment{40};
constexpr Milliseconds long_time{60'000};

// RELEASES may have nothing to say of it; then the node has.
std::vector<host::BootFinding> findings_beside(const host::BootState& disk,
                                               const std::string& permanent) {
  std::vector<host::BootFinding> found = host::findings_of(disk);
  const bool is_told = std::any_of(found.begin(), found.end(), [](const host::BootFinding& each) {
    return each.fault == host::BootFault::another_is_permanent;
  });
  if (!is_told && disk.start_erl_data && disk.start_erl_data->version != permanent)
    found.push_back(
        {host::BootFault::another_is_permanent, permanent, disk.start_erl_data->version});
  return found;
}

// What a relup has left that was killed, by the journal, which only its owner may read.
std::optional<std::string> cut_off_work(FileSystem& files, const host::Host& host) {
  host::JournalContent journal;
  try {
    journal = host::read_journal(files, host.root);
  } catch (const Error&) {
    return std::nullopt;
  }
  const host::Operation* open = journal.open();
  if (open == nullptr) return std::nullopt;
  const std::string work = "`relup " + open->verb + (open->to.empty() ? "" : " " + open->to) + "`";
  return work + " of " + open->actor.user + " was cut off: `relup recover`, or the next change, " +
         (open->decision ? "finishes" : "undoes") + " it";
}

void add_unfinished_files(FileSystem& files, const host::Host& host,
                          std::vector<std::string>& repairs) {
  for (const std::string& file : host::unfinished_files(files, host)) {
    repairs.push_back(file +
                      " is one that an install made and left behind: the original is put back "
                      "before the next change");
  }
}

std::vector<std::string> repairs_for(FileSystem& files, const host::Host& host,
                                     const ReleaseBook& book, const live::BootedRelease& booted) {
  std::vector<std::string> repairs;
  if (booted.handled_in) {
    repairs.push_back(
        "the node runs on the system's OTP, and its release handler keeps releases in " +
        *booted.handled_in + ": it is shown this root before the first change");
  }
  if (const auto work = cut_off_work(files, host)) repairs.push_back(*work);
  add_unfinished_files(files, host, repairs);
  const Releases releases = releases_in(book);
  const live::KnownRelease* permanent = live::permanent_release(releases);
  const std::string right = permanent == nullptr ? book.running : permanent->version;
  for (const host::BootFinding& each : findings_beside(book.disk, right))
    repairs.push_back(sentence_with_repair(each, host.name, right));
  if (repairs.empty() && book.has_node_to_learn) {
    repairs.push_back(
        "the node has other releases in mind than releases/RELEASES: it is told them before the "
        "next change");
  }
  return repairs;
}

// As releases/RELEASES lists them. While that is being written there may be nothing to read.
Releases releases_on_disk(FileSystem& files, const host::Host& host) {
  Releases found;
  try {
    const std::string bytes = files.read_if_exists(host.releases_file()).value_or("");
    for (const auto& release : release::parse_releases_file(host.releases_file(), bytes))
      found.push_back(live::known_release(release));
  } catch (const Error&) {
    found.clear();
  }
  return found;
}

void take_releases(FileSystem& files, const host::Host& host, const live::NodeStatus& node,
                   HostStatus& status) {
  if (!node.releases) {
    status.release_handler = ReleaseHandlerState::busy;
    status.releases = releases_on_disk(files, host);
  } else if (node.booted.handled_in) {
    status.releases = {{host.name, node.booted.version, {}, "permanent"}};
  } else {
    status.releases = *node.releases;
  }
  const live::KnownRelease* running = live::running_release(status.releases);
  status.running = running == nullptr ? node.booted.version : running->version;
  status.is_uncommitted = running != nullptr && running->status != "permanent";
}

}  // namespace

HostStatus look_at_host(FileSystem& files, const host::Host& host, node::NodeChannel& channel,
                        LookFor extent) {
  HostStatus status;
  status.at_work = files.lock_holder(lock_path(host));
  status.node = channel.node_name();
  live::AgentVerbs agent(channel, host);
  const live::NodeStatus node =
      live::read_node_status(agent.status(extent == LookFor::a_moment ? moment : long_time));
  status.otp = node.otp;
  take_releases(files, host, node, status);
  status.boots = host::launched_version(files, host).value_or(host.boot.version);
  status.confirmation = agent.confirmation();
  status.old_code = node.old_code;
  status.looked_at = node.looked_at;
  status.processes = node.processes;
  const auto job = agent.unheard_job();
  if (job && job->is_running) status.job = job;
  // What another relup is about to do needs no repair.
  if (status.at_work || status.job || !node.releases) return status;
  for (const auto& objection : against_place(files, host, status.node, agent.place()))
    status.repairs.push_back(objection->sentence() + ": " + objection->hint());
  // What a node of another root is like tells nothing of this one.
  if (!status.repairs.empty()) return status;
  const ReleaseBook book = read_release_book(files, host, agent);
  status.releases = releases_in(book);
  status.running = book.running;
  status.repairs = repairs_for(files, host, book, node.booted);
  if (job) status.repairs.push_back(job->text);
  return status;
}

DiskStatus look_at_disk(FileSystem& files, const host::Host& host) {
  const host::BootState state = host::read_boot_state(files, host.root);
  DiskStatus status{state.boots().value_or(""), releases_on_disk(files, host), {}};
  if (const auto work = cut_off_work(files, host)) status.repairs.push_back(*work);
  add_unfinished_files(files, host, status.repairs);
  const std::string right = host::permanent_by_files(state).value_or("");
  for (const host::BootFinding& each : host::findings_of(state))
    status.repairs.push_back(sentence_with_repair(each, host.name, right));
  return status;
}

std::string describe_running(const live::UnheardJob& job) {
  return "an " + job.work + " runs, for " + std::to_string(job.age.count() / 1000) + " s";
}

}  // namespace relup::change
