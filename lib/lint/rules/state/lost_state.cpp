// SPDX-License-Identifier: Apache-2.0
#include "lint/process_instructions.hpp"
#include "lint/rule.hpp"
#include "plan/state_check.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using appup::Direction;
using plan::StateTakeover;

// Why live processes keep a state of the wrong shape; empty where they may well not.
std::string fault_of(const ProcessInstruction& process, const diff::ModuleChange& module) {
  const bool up = process.entry->direction == Direction::up;
  if (!process.runs_code_change) return "this instruction runs no code_change";
  switch (process.takeover) {
    case StateTakeover::missing:
      return "";  // missing-code-change says so
    case StateTakeover::refuses:
      return up ? "its code_change takes no version"
                : "its code_change has no clause for {down, _}";
    case StateTakeover::keeps:
    case StateTakeover::acts:
      return "its code_change returns the state as it was";
    case StateTakeover::works:
      break;
  }
  return up ? plan::state_fault(module) : "";
}

void check_process(const UpgradeView& view, const ProcessInstruction& process, Findings& findings) {
  const diff::ModuleChange* module = view.releases.change_of_module(process.module);
  if (module == nullptr || !module->state_change) return;
  const std::string fault = fault_of(process, *module);
  if (fault.empty()) return;
  const facts::StateChange& change = *module->state_change;
  const bool up = process.entry->direction == Direction::up;
  Diagnostic& finding = findings.add(view.appup.source, process.instruction->term.span(),
                                     "the state of " + print_atom(process.module.name()) + " (" +
                                         facts::describe(change.after) + ") " +
                                         facts::describe(change) + ", but " + fault);
  if (change.after.kind != facts::StateShape::Kind::record) finding.severity = Severity::warning;
  finding.notes.push_back(up ? "live processes of it go on with the state that the old code made"
                             : "live processes of it go on with the state that the new code made");
  const std::string name = print_atom(process.module.name());
  finding.notes.push_back(process.runs_code_change
                              ? "write a code_change of the new module that turns the old state "
                                "into the new one and, for {down, Vsn}, back"
                              : "{update, " + name + ", {advanced, []}} runs it");
}

void check(const UpgradeView& view, Findings& findings) {
  for (const ProcessInstruction& process : process_instructions(view))
    check_process(view, process, findings);
}

}  // namespace

extern const Rule lost_state{
    .code = "RU501",
    .name = "lost-state",
    .severity = Severity::error,
    .summary = "the state of live processes has another shape, and nothing turns it over",
    .page =
        {.what = "The record, struct or map that init/1 returns differs between the releases, and "
                 "the instruction runs no code_change, or one that returns the state as it was, "
                 "has no clause for that way, or knows nothing of the new fields. On the way down "
                 "it is the new module that is called, with {down, Vsn}; of a `static` one it is "
                 "the old. Told from debug information; a warning where the state is no record.",
         .why = "The process keeps the state that the other code made. Its next callback matches a "
                "record of another size and crashes; its supervisor starts it anew without its "
                "state, and, where there are many of them, gives up. Appups written by hand show "
                "it most: the way up is tried, the way down is not.",
         .wrong = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
         .allow = "Where no process of the module lives through the upgrade, or where its "
                  "callbacks bear the state of both releases."},
    .check_upgrade = check,
};

}  // namespace relup::lint
