// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  for (const ParsedEntry* entry : {view.up, view.down}) {
    if (entry == nullptr || entry->restarts()) continue;
    for (const diff::ModuleChange& module : view.change.modules) {
      if (!module.has_leftover_code_change || !runs_code_change(*entry, module.name)) continue;
      const ParsedInstruction* instruction = instruction_for(*entry, module.name);
      if (instruction == nullptr) continue;
      const std::string name = print_atom(module.name.name());
      Diagnostic& finding = findings.add(
          view.appup.source, instruction->term.span(),
          "code_change of " + name +
              " is the same in both releases, while the state has kept its shape: it was written "
              "for an earlier step, and runs once more");
      finding.notes.push_back("{load_module, " + name + "} gives its processes the new code");
    }
  }
}

}  // namespace

extern const Rule leftover_code_change{
    .code = "RU506",
    .name = "leftover-code-change",
    .severity = Severity::warning,
    .summary = "a code_change from an earlier step runs once more",
    .page = {.what = "An update that calls a code_change which is the same code in both "
                     "releases, while the state has kept its shape and nothing that it calls "
                     "elsewhere has changed.",
             .why = "Such a code_change was written for the step before this one. It runs "
                    "again all the same, on states that have been turned over already: at "
                    "best it crashes, at worst it does to them once more what it did "
                    "(bitwalker/distillery#523).",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where it does something at every step that has to be done then."},
    .check_upgrade = check,
};

}  // namespace relup::lint
