// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"

namespace relup::lint {
namespace {

void check(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries) {
    for (const ParsedInstruction& instruction : entry.instructions) {
      if (!instruction.action) continue;
      const auto* obsolete = std::get_if<appup::Obsolete>(&*instruction.action);
      if (obsolete == nullptr) continue;
      Diagnostic& finding =
          findings.add(appup.source, instruction.term.span(),
                       "`" + obsolete->name.name() + "` is no instruction that a node runs");
      finding.notes.emplace_back(
          "write restart_emulator to restart at the end of the script, or restart_new_emulator to "
          "restart before it");
    }
  }
}

}  // namespace

extern const Rule obsolete_restart{
    .code = "RU004",
    .name = "obsolete-restart",
    .severity = Severity::error,
    .summary = "`restart` and `reboot` compile, but no node runs them",
    .page =
        {.what = "The atoms `restart` and `reboot` as instructions.",
         .why = "systools copies both into the relup without a word. The release handler knows "
                "neither: it refuses the whole script with "
                "`illegal_instruction_after_point_of_no_return`, after it has already switched the "
                "environment of every application to the new release.",
         .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}, restart]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop}, restart_emulator]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .allow = "Never: the upgrade cannot work.",
         .allowed_by = AllowedBy::nothing},
    .check_appup = check,
};

}  // namespace relup::lint
