// SPDX-License-Identifier: Apache-2.0
#include "lint/element_removal.hpp"
#include "lint/rule.hpp"
#include "plan/completeness.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Whether the module may be loaded without being named: where its application comes or goes, or
// where anything restarts.
bool may_be_loaded_otherwise(const UpgradeView& view, Atom module) {
  for (const Side side : {Side::from, Side::to}) {
    const release::TreeApplication* owner = view.releases.owner(side, module);
    if (owner == nullptr) continue;
    const diff::ApplicationChange* change = view.releases.change(owner->name);
    if (change != nullptr && (change->status == diff::ApplicationStatus::added ||
                              change->status == diff::ApplicationStatus::removed)) {
      return true;
    }
  }
  return view.any(&EntryIndex::restarts);
}

void report_dependency(const UpgradeView& view, const Term& name, const Term& names,
                       const std::string& dependent, Findings& findings) {
  const std::string text = print(name);
  Diagnostic& finding =
      findings.add(view.appup.source, name.span(),
                   dependent + " depends on " + text + ", for which there is no instruction");
  const diff::ModuleChange* change = view.releases.change_of_module(*name.as_atom());
  if (change != nullptr && plan::needs_instruction(*change)) {
    finding.notes.push_back(text + " is " + std::string(diff::to_string(change->status)) +
                            ": add an instruction for it");
    return;
  }
  finding.notes.emplace_back("a module that stays as it is needs no tie to it");
  if (const auto edit = removal_of(name, names, view.appup.source)) {
    finding.fix = Fix{"take " + text + " out of DepMods", {*edit}};
  }
}

// The list of DepMods as the file has it; null where there is none, or an empty one.
const Term* dep_mods_term(const ParsedInstruction& instruction) {
  const auto* dep_mods = instruction.action ? dep_mods_of(*instruction.action) : nullptr;
  if (dep_mods == nullptr || dep_mods->empty()) return nullptr;
  const Term& names = instruction.term.as_tuple()->back();
  return names.atoms() == *dep_mods ? &names : nullptr;
}

void check_instruction(const UpgradeView& view, const ParsedEntry& entry,
                       const ParsedInstruction& instruction, Findings& findings) {
  const Term* term = dep_mods_term(instruction);
  if (term == nullptr) return;
  const Term& names = *term;
  const std::string dependent = print_atom(module_of(*instruction.action)->name());
  for (const Term& name : *names.as_list()) {
    const Atom module = *name.as_atom();
    if (view.any(&EntryIndex::can_be_depended_on, entry.direction, module)) continue;
    if (!may_be_loaded_otherwise(view, module)) {
      report_dependency(view, name, names, dependent, findings);
    }
  }
}

void check(const UpgradeView& view, Findings& findings) {
  for_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    check_instruction(view, entry, instruction, findings);
  });
}

// Without releases: another appup of the upgrade may have the instruction.
void check_entry(const ParsedAppup& appup, const ParsedEntry& entry, Findings& findings) {
  EntryIndex index;
  index.add(entry);
  for (const ParsedInstruction& instruction : entry.instructions) {
    const Term* names = dep_mods_term(instruction);
    if (names == nullptr) continue;
    for (const Term& name : *names->as_list()) {
      if (index.can_be_depended_on(entry.direction, *name.as_atom())) continue;
      Diagnostic& finding =
          findings.add(appup.source, name.span(),
                       print_atom(module_of(*instruction.action)->name()) + " depends on " +
                           print(name) + ", for which " + describe(entry) + " has no instruction");
      finding.severity = Severity::note;
      finding.notes.emplace_back(
          "no relup can be made, unless another appup of the upgrade has one");
    }
  }
}

void check_alone(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries) {
    if (!entry.restarts()) check_entry(appup, entry, findings);
  }
}

}  // namespace

extern const Rule untied_dependency{
    .code = "RU205",
    .name = "untied-dependency",
    .severity = Severity::error,
    .summary = "DepMods name a module that has no instruction",
    .page = {.what =
                 "A name in DepMods for which no appup of the upgrade has an update, load_module, "
                 "add_module or delete_module. Without releases, a note about names for which the "
                 "same entry has none.",
             .why =
                 "DepMods tie modules of one upgrade together; a module that stays as it is cannot "
                 "be tied, and systools writes no relup (`undef_module`). Generators that copy "
                 "every call of a module into DepMods, and those that name a module which the new "
                 "release removed (erlang/otp#4395), run into it.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop, [shop_price]}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop, []}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: nothing can be compiled from it.",
             .allowed_by = AllowedBy::nothing},
    .compiler_rules = {"undef-module"},
    .check_appup = check_alone,
    .check_upgrade = check,
};

}  // namespace relup::lint
