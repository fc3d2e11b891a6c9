// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is wrong with the files that decide which release boots: each by itself, against the
// releases that lie in the root, and against one another. A finding is a fact; whoever shows it
// makes the sentence. No finding means that the files agree on one release, which can boot.

#include <string>
#include <vector>

#include "host/boot_state.hpp"

namespace relup::host {

enum class BootFault {
  // One file by itself.
  start_erl_data_missing,
  start_erl_data_empty,
  start_erl_data_torn,
  releases_missing,
  releases_empty,
  releases_torn,
  no_permanent_release,
  several_permanent_releases,  // RELEASES calls `version` permanent, and `other`
  listed_twice,                // RELEASES lists `version` more than once
  // RELEASES lists `version` without libraries: OTP made that up when it could not read the file.
  // It would delete what runs together with any other release.
  invented_release,
  paths_of_another_root,  // RELEASES has libraries of `version` in `other`
  absolute_paths,         // the same, of this root: they are wrong once it is moved or copied
  // Against what lies in the root.
  nothing_unpacked,        // there is no release at all
  boots_unknown_release,   // start_erl.data names `version`, which is not there
  lists_unknown_release,   // RELEASES does
  starts_unknown_release,  // the launcher does
  differs_from_rel,        // RELEASES has other libraries for `version` than its .rel file
  another_emulator,        // start_erl.data has the emulator `other`, the .rel of `version` not
  not_listed,              // what boots is `version`, and RELEASES does not have it
  boot_file_missing,       // of `version`, which RELEASES lists or which boots
  boot_file_torn,
  boot_file_of_another,
  library_missing,  // of `version`, the directory `other`
  // Against one another.
  another_is_permanent,     // RELEASES calls `version` permanent, start_erl.data boots `other`
  launcher_starts_another,  // `version`, where start_erl.data boots `other`
};

struct BootFinding {
  BootFault fault;
  std::string version = {};
  std::string other = {};
  bool operator==(const BootFinding&) const = default;
};

// In the order of the faults above.
std::vector<BootFinding> findings_of(const BootState& state);

}  // namespace relup::host
