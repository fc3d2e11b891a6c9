// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Whether the instruction loads or deletes code, and knows it by its module.
bool changes_module(const ParsedInstruction& instruction) {
  return instruction.action && (std::holds_alternative<appup::LoadModule>(*instruction.action) ||
                                std::holds_alternative<appup::Update>(*instruction.action) ||
                                std::holds_alternative<appup::AddModule>(*instruction.action));
}

bool restarts(const ParsedEntry& entry, Atom application) {
  return std::any_of(entry.instructions.begin(), entry.instructions.end(), [&](const auto& each) {
    const auto* restart =
        each.action ? std::get_if<appup::RestartApplication>(&*each.action) : nullptr;
    return restart != nullptr && restart->application == application;
  });
}

// restart_application loads every module of its application. Which those are only the releases
// tell; an appup speaks of those of its own.
void check(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries) {
    if (!restarts(entry, appup.application)) continue;
    for (const ParsedInstruction& instruction : entry.instructions) {
      if (!changes_module(instruction)) continue;
      const std::string name = print_atom(module_of(*instruction.action)->name());
      findings
          .add(appup.source, instruction.term.span(),
               name + " is loaded by {restart_application, " +
                   print_atom(appup.application.name()) + "}, too")
          .notes.emplace_back("the restart alone is enough, or the instructions without it");
    }
  }
}

}  // namespace

extern const Rule duplicate_instruction{
    .code = "RU014",
    .name = "duplicate-instruction",
    .severity = Severity::error,
    .summary = "two instructions for one module in one upgrade",
    .page = {.what = "A second `update`, `load_module`, `add_module` or `delete_module` for a "
                     "module in the instructions for one version; also one beside a "
                     "`restart_application` of the same application, which stands for an "
                     "instruction for each of its modules.",
             .why = "systools refuses the script with `muldef_module`. Generators write such "
                    "appups: one plugin updates a supervisor once for each of its new children.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop},
           {update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .allow = "Never: it cannot be compiled.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"muldef-module"},
    .check_appup = check,
};

}  // namespace relup::lint
