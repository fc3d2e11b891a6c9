// SPDX-License-Identifier: Apache-2.0
#include "generate/finding_names.hpp"

#include <algorithm>
#include <array>

namespace relup::generate {
namespace {

constexpr auto all = std::to_array<FindingName>({
    {"appup-base",
     "An appup that was edited has lost the record of what was generated, or part of it. "
     "Without it nobody can tell the edits from what relup wrote, so nothing is merged."},
    {"appup-conflict",
     "An edit of an appup and what relup would write now speak of the same instruction. The "
     "edit is kept; look whether it still holds."},
    {"appup-misses-module",
     "An appup that somebody wrote has no instruction for a module that changed, came or "
     "went. The node would go on with its old code. Lint calls it missed-module (RU201)."},
    {"appup-needless-module",
     "An appup that somebody wrote loads a module that did not change. Lint calls it "
     "needless-module (RU202)."},
    {"application-order",
     "An application is started, stopped or only loaded where nobody has asked for it: its "
     "start type changes, or another one includes it, or no longer does."},
    {"behaviour-change",
     "A module is another kind of process than before. A process that runs keeps the kind "
     "that it began as, so it has to be restarted, or its application has."},
    {"boot-setting",
     "A file that only a start of the emulator reads has changed. An upgrade without a "
     "restart brings nothing of it about."},
    {"exposed-call",
     "Between two steps of the script, code that runs may call a function that is not loaded"
     " at that moment, and no order of the steps avoids it."},
    {"kept-path",
     "An application asks where it lies. What a process keeps of the answer goes on leading "
     "to the files of the old version after the upgrade, as long as that process lives."},
    {"module-too-large",
     "A module has too much code for relup to read in full. What is said of its state and of"
     " the children that it lists may not be all."},
    {"policy", "Something in relup.yaml that cannot be done, or that nothing in the releases has."},
    {"restart-application",
     "An application is restarted instead of being upgraded module by module: its processes "
     "end and start anew."},
    {"restart-emulator",
     "The upgrade ends in a restart of the emulator, because relup.yaml allows it and "
     "something cannot be changed otherwise."},
    {"shared-entry",
     "Two old releases have the same version of an application and need different "
     "instructions to leave it. An appup has one entry for a version."},
    {"state-change",
     "The state that live processes hold has another shape in the new release. code_change "
     "must turn the old one into the new one, and back for a downgrade."},
    {"supervision",
     "A supervisor lists other children than before, or may do so. An upgrade starts and "
     "stops none of them by itself; `supervision: generate` in relup.yaml has the "
     "instructions written. Lint calls it RU416, and RU417 where init/1 gets another argument."},
    {"supervisor-side-effect",
     "The update of a supervisor calls its init/1 again, which does more than answer: what "
     "it does then is done a second time. Lint calls it RU418."},
    {"unread-state",
     "Whether the state of a process has another shape cannot be told: the module has no "
     "debug information, and its init does not show it."},
});

}  // namespace

std::span<const FindingName> finding_names() {
  return all;
}

const FindingName* find_finding(std::string_view name) {
  const auto* found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return found == all.end() ? nullptr : found;
}

}  // namespace relup::generate
