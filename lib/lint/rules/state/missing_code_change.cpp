// SPDX-License-Identifier: Apache-2.0
#include "lint/process_instructions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// By the behaviour of the old code, with which the processes were started.
unsigned arity_of(const ProcessInstruction& process) {
  return facts::state_position(*process.origin) == 2 ? 4 : 3;
}

void check(const UpgradeView& view, Findings& findings) {
  for (const ProcessInstruction& process : process_instructions(view)) {
    const unsigned arity = arity_of(process);
    if (!process.runs_code_change) continue;
    if (process.running->exports_function("code_change", arity)) continue;
    const bool is_new = process.running == view.releases.facts(Side::to, process.module);
    const std::string name = print_atom(process.module.name());
    Diagnostic& finding =
        findings.add(view.appup.source, process.instruction->term.span(),
                     name + " of " + view.releases.describe(is_new ? Side::to : Side::from) +
                         " exports no code_change/" + std::to_string(arity));
    finding.notes.emplace_back(
        "the call crashes behind the point of no return, and that restarts the node");
    finding.notes.push_back("export it, or write {load_module, " + name + "} or {update, " + name +
                            ", soft}, which do not call it");
  }
}

}  // namespace

extern const Rule missing_code_change{
    .code = "RU502",
    .name = "missing-code-change",
    .severity = Severity::error,
    .summary = "an advanced update of a process whose module exports no code_change",
    .page = {.what =
                 "An update with {advanced, Extra} of a gen_server, gen_statem, gen_event or "
                 "gen_fsm whose module exports no code_change in the version that is loaded when "
                 "it is called. That is the new one, on the way up and on the way down; for a "
                 "`static` module it is the old one on the way down.",
             .why =
                 "code_change is an optional callback, so the compiler does not miss it. The "
                 "release handler asks every suspended process to call it; the call is undefined, "
                 "the answer is an error, and an error behind the point of no return restarts the "
                 "node.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where no process runs with the module as its callback module."},
    .check_upgrade = check,
};

}  // namespace relup::lint
