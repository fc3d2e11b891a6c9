// SPDX-License-Identifier: Apache-2.0
#include "host/boot_findings.hpp"

#include <algorithm>

#include "host/boot_repair.hpp"

namespace relup::host {
namespace {

using release::InstalledRelease;
using release::ReleaseStatus;

class Inspection {
 public:
  explicit Inspection(const BootState& state) : state_(state) {}

  std::vector<BootFinding> findings() {
    look_at_start_erl_data();
    look_at_releases();
    if (state_.unpacked.empty()) add(BootFault::nothing_unpacked);
    look_at_launcher();
    for (const UnpackedRelease& each : state_.unpacked) {
      if (state_.listed(each.version) != nullptr || is_started(each.version)) look_at(each);
    }
    compare();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& one, const auto& other) { return one.fault < other.fault; });
    return std::move(found_);
  }

 private:
  void add(BootFault fault, const std::string& version = "", const std::string& other = "") {
    found_.push_back({fault, version, other});
  }

  bool is_started(const std::string& version) const {
    return state_.launched == version ||
           (state_.start_erl_data && state_.start_erl_data->version == version);
  }

  void look_at_start_erl_data() {
    if (state_.start_erl_data_is == Legibility::missing) add(BootFault::start_erl_data_missing);
    if (state_.start_erl_data_is == Legibility::empty) add(BootFault::start_erl_data_empty);
    if (state_.start_erl_data_is == Legibility::torn) add(BootFault::start_erl_data_torn);
    if (!state_.start_erl_data) return;
    const auto& [erts, version] = *state_.start_erl_data;
    const UnpackedRelease* release = state_.find(version);
    if (release == nullptr) return add(BootFault::boots_unknown_release, version);
    if (release->erts != erts) add(BootFault::another_emulator, version, erts);
  }

  void look_at_releases() {
    if (state_.releases_is == Legibility::missing) return add(BootFault::releases_missing);
    if (state_.releases_is == Legibility::empty) return add(BootFault::releases_empty);
    if (state_.releases_is == Legibility::torn) return add(BootFault::releases_torn);
    count_permanent();
    for (const InstalledRelease& each : state_.releases) {
      if (state_.listed(each.version) == &each) {
        look_at(each);
      } else {
        add(BootFault::listed_twice, each.version);
      }
    }
    const auto boots = state_.boots();
    if (boots && state_.find(*boots) != nullptr && state_.listed(*boots) == nullptr)
      add(BootFault::not_listed, *boots);
  }

  void count_permanent() {
    const InstalledRelease* first = nullptr;
    for (const InstalledRelease& each : state_.releases) {
      if (each.status != ReleaseStatus::permanent) continue;
      if (first != nullptr)
        return add(BootFault::several_permanent_releases, first->version, each.version);
      first = &each;
    }
    if (first == nullptr) add(BootFault::no_permanent_release);
  }

  void look_at(const InstalledRelease& listed) {
    const UnpackedRelease* release = state_.find(listed.version);
    if (release == nullptr) return add(BootFault::lists_unknown_release, listed.version);
    if (listed.libraries.empty()) return add(BootFault::invented_release, listed.version);
    const InstalledRelease right = entry_of(state_.called, *release, listed);
    if (is_same_release(listed, right)) return look_at_paths(listed, right);
    add(BootFault::differs_from_rel, listed.version);
  }

  static bool is_same_release(const InstalledRelease& one, const InstalledRelease& other) {
    return one.name == other.name && one.erts == other.erts &&
           std::equal(one.libraries.begin(), one.libraries.end(), other.libraries.begin(),
                      other.libraries.end(), [](const auto& left, const auto& right) {
                        return left.name == right.name && left.version == right.version;
                      });
  }

  // One finding tells enough of a release.
  void look_at_paths(const InstalledRelease& listed, const InstalledRelease& right) {
    for (std::size_t i = 0; i < listed.libraries.size(); ++i) {
      const std::string& directory = listed.libraries[i].directory;
      if (directory == right.libraries[i].directory) continue;
      if (directory.starts_with(state_.called + "/"))
        return add(BootFault::absolute_paths, listed.version, parent_path(directory));
      if (!directory.starts_with('/')) return add(BootFault::differs_from_rel, listed.version);
      return add(BootFault::paths_of_another_root, listed.version, parent_path(directory));
    }
  }

  void look_at(const UnpackedRelease& release) {
    if (release.boot_file == BootFile::missing) add(BootFault::boot_file_missing, release.version);
    if (release.boot_file == BootFile::torn) add(BootFault::boot_file_torn, release.version);
    if (release.boot_file == BootFile::of_another_release)
      add(BootFault::boot_file_of_another, release.version);
    if (const ListedLibrary* library = release.missing_library())
      add(BootFault::library_missing, release.version, library->directory());
  }

  void look_at_launcher() {
    if (state_.launched && state_.find(*state_.launched) == nullptr)
      add(BootFault::starts_unknown_release, *state_.launched);
  }

  void compare() {
    if (!state_.start_erl_data) return;
    const std::string& boots = state_.start_erl_data->version;
    const auto permanent = state_.permanent();
    if (permanent && *permanent != boots) add(BootFault::another_is_permanent, *permanent, boots);
    if (state_.launched && *state_.launched != boots)
      add(BootFault::launcher_starts_another, *state_.launched, boots);
  }

  const BootState& state_;
  std::vector<BootFinding> found_;
};

}  // namespace

std::vector<BootFinding> findings_of(const BootState& state) {
  return Inspection(state).findings();
}

}  // namespace relup::host
