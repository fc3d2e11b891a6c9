// SPDX-License-Identifier: Apache-2.0
#pragma once

// What of an upgrade cannot be done while it runs, and the smallest restart that does it honestly.
//
//   restart       because
//   emulator      ERTS, kernel, stdlib or sasl change: they are under everything else; an
//                 application that the release takes from the system's OTP changes
//   application   a native library changes, or the module that loads one: the emulator takes a new
//                 library only when the old module is gone (erl_nif(3), "load_nif"); the start
//                 module changes: the process tree is that of the old one
//
// A changed vm.args waits for the next start of the emulator.

#include <map>
#include <string>
#include <vector>

#include "diff/release_diff.hpp"

namespace relup::plan {

struct ColdChanges {
  std::vector<std::string> emulator;                      // why it must restart, in words
  std::map<Atom, std::vector<std::string>> applications;  // why they must
  std::vector<diff::SettingsChange> next_start;           // what takes effect only then
};

// Whether a file of the release counts only from the next start of the emulator.
bool waits_for_next_start(diff::SettingsFile file);

ColdChanges find_cold_changes(const diff::ReleaseDiff& diff);

// Whether anything of the upgrade can be done while the release runs.
bool has_hot_changes(const diff::ReleaseDiff& diff);

}  // namespace relup::plan
