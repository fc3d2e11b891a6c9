// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/process_instructions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using appup::Direction;
using plan::StateTakeover;

bool changes_state(const ProcessInstruction& process) {
  return process.runs_code_change && process.takeover == StateTakeover::works;
}

// Whether `still` has no clause for its way, while `working` does something that leaves the state.
bool crashes_beside(const ProcessInstruction& working, const ProcessInstruction& still) {
  return working.runs_code_change && working.takeover == StateTakeover::acts &&
         still.runs_code_change && still.takeover == StateTakeover::refuses;
}

std::string way(Direction direction) {
  return direction == Direction::up ? "up" : "down";
}

// Why `still` does not change the state in its direction; empty where it may.
std::string fault_of(const ProcessInstruction& still) {
  const std::string there = "on the way " + way(still.entry->direction);
  if (!still.runs_code_change) {
    return still.takeover == StateTakeover::works ? "is not called " + there : "";
  }
  const bool keeps =
      still.takeover == StateTakeover::keeps || still.takeover == StateTakeover::acts;
  if (keeps) return "returns the state as it was " + there;
  return still.takeover == StateTakeover::refuses
             ? "has no clause for the way " + way(still.entry->direction)
             : "";
}

void check_pair(const UpgradeView& view, const ProcessInstruction& working,
                const ProcessInstruction& still, Findings& findings) {
  const bool changes = changes_state(working);
  const std::string fault = changes || crashes_beside(working, still) ? fault_of(still) : "";
  if (fault.empty()) return;
  Diagnostic& finding =
      findings.add(view.appup.source, still.instruction->term.span(),
                   "code_change of " + print_atom(still.module.name()) +
                       (changes ? " may change the state" : " does something") + " on the way " +
                       way(working.entry->direction) + ", but " + fault);
  if (!changes) return;
  finding.notes.emplace_back("after one way and back the state is not what it was before");
}

// Whether the shape of the state is known to change, which is for lost-state to report.
bool is_told_by_shape(const UpgradeView& view, Atom module) {
  const diff::ModuleChange* change = view.releases.change_of_module(module);
  return change == nullptr || !change->changes_code || change->state_change.has_value();
}

void check(const UpgradeView& view, Findings& findings) {
  const auto processes = process_instructions(view);
  for (const ProcessInstruction& up : processes) {
    if (up.entry->direction != Direction::up || is_told_by_shape(view, up.module)) continue;
    const auto down = std::find_if(processes.begin(), processes.end(), [&](const auto& each) {
      return each.entry->direction == Direction::down && each.module == up.module;
    });
    if (down == processes.end()) continue;
    check_pair(view, up, *down, findings);
    check_pair(view, *down, up, findings);
  }
}

}  // namespace

extern const Rule one_way_code_change{
    .code = "RU504",
    .name = "one-way-code-change",
    .severity = Severity::warning,
    .summary = "code_change changes the state one way, and nothing changes it back",
    .page =
        {.what =
             "A module whose code_change does something with the state on one way, while on "
             "the other it is not called, returns the state as it was, or has no clause. Where "
             "the shape of the state is known to differ, lost-state says so. One that hands the "
             "state back as it was, whatever else it does, changes nothing.",
         .why = "An upgrade that is taken back leaves processes with the state of the release that "
                "was left: they crash at the next callback that looks at it, when the node is in "
                "trouble already. A missing clause for {down, Vsn} crashes in the middle of the "
                "script and restarts the node.",
         .wrong = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
         .allow = "Where the old code bears the new state, as when code_change only sets a timer."},
    .check_upgrade = check,
};

}  // namespace relup::lint
