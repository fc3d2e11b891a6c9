// SPDX-License-Identifier: Apache-2.0
#include "change/release_book.hpp"

#include <algorithm>

namespace relup::change {
namespace {

using release::InstalledRelease;
using release::ReleaseStatus;
using Loaded = std::vector<std::pair<Atom, std::string>>;

const InstalledRelease* with_status(const std::vector<InstalledRelease>& releases,
                                    ReleaseStatus status) {
  const auto found = std::find_if(releases.begin(), releases.end(),
                                  [&](const auto& each) { return each.status == status; });
  return found == releases.end() ? nullptr : &*found;
}

bool has_applications(const host::UnpackedRelease& release, const Loaded& loaded) {
  return std::all_of(release.libraries.begin(), release.libraries.end(), [&](const auto& library) {
    if (!library.is_loaded) return true;
    return std::any_of(loaded.begin(), loaded.end(), [&](const auto& each) {
      return each.first == library.name && each.second == library.version;
    });
  });
}

// Where nothing is installed but not committed.
std::string running_release(const host::BootState& disk, live::AgentVerbs& agent,
                            const live::BootedRelease& booted, const InstalledRelease* permanent) {
  std::vector<std::string> preferred;
  if (permanent != nullptr) preferred.push_back(permanent->version);
  if (disk.start_erl_data) preferred.push_back(disk.start_erl_data->version);
  preferred.push_back(booted.version);
  return release_of_code(disk, agent.applications(), preferred)
      .value_or(permanent == nullptr ? "" : permanent->version);
}

}  // namespace

std::optional<std::string> release_of_code(const host::BootState& disk, const Loaded& loaded,
                                           const std::vector<std::string>& preferred) {
  std::vector<std::string> matching;
  for (const host::UnpackedRelease& each : disk.unpacked) {
    if (has_applications(each, loaded)) matching.push_back(each.version);
  }
  for (const std::string& each : preferred) {
    if (std::find(matching.begin(), matching.end(), each) != matching.end()) return each;
  }
  return matching.size() == 1 ? std::optional(matching.front()) : std::nullopt;
}

ReleaseBook read_release_book(FileSystem& files, const host::Host& host, live::AgentVerbs& agent) {
  ReleaseBook book{host::read_boot_state(files, host.root), {}, {}, {}, false};
  book.disk.called = agent.on_node(host.root);
  const live::BootedRelease booted = agent.booted_release();
  std::optional<std::vector<InstalledRelease>> known;
  if (!booted.handled_in) known = agent.known_releases();
  if (known && known->empty()) known.reset();
  const std::vector<InstalledRelease>& listed = known ? *known : book.disk.releases;
  const InstalledRelease* permanent = with_status(listed, ReleaseStatus::permanent);
  const InstalledRelease* current = known ? with_status(listed, ReleaseStatus::current) : nullptr;
  std::string stays;  // permanent
  if (current != nullptr && permanent != nullptr) {
    book.running = current->version;
    stays = permanent->version;
  } else {
    book.running = running_release(book.disk, agent, booted, permanent);
    stays = book.running;
  }
  book.releases = listed;
  if (stays.empty()) return book;  // nobody knows what would be right
  book.releases = host::mended_releases(book.disk, stays, known);
  book.repair = host::repair_of(files, book.disk, book.releases);
  book.has_node_to_learn = !known || *known != book.releases;
  return book;
}

bool is_half_committed(const ReleaseBook& book) {
  const InstalledRelease* current = with_status(book.releases, ReleaseStatus::current);
  return current == nullptr && book.repair.is_needed();
}

Releases releases_in(const ReleaseBook& book) {
  Releases found;
  for (const InstalledRelease& each : book.releases)
    found.push_back(live::known_release(each));
  return found;
}

}  // namespace relup::change
