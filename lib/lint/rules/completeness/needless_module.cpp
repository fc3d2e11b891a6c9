// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/element_removal.hpp"
#include "lint/rule.hpp"
#include "lint/version_regex.hpp"
#include "plan/state_takeover.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using plan::StateTakeover;

// Whether the update does more than load code: that of a supervisor calls init/1 again, whose
// result may depend on other modules, and so may a code_change that changes the state.
bool may_do_more(const appup::Update& update, const facts::ModuleFacts& facts) {
  if (facts::is_supervisor(facts)) return true;
  if (!update.extra) return false;
  const StateTakeover takeover = plan::state_takeover(facts, appup::Direction::up);
  return !update.extra->is_nil() || takeover == StateTakeover::works ||
         takeover == StateTakeover::acts;
}

bool only_loads(const appup::Action& action, const facts::ModuleFacts& facts) {
  if (const auto* update = std::get_if<appup::Update>(&action)) return !may_do_more(*update, facts);
  return std::holds_alternative<appup::LoadModule>(action) ||
         std::holds_alternative<appup::AddModule>(action) ||
         std::holds_alternative<appup::Load>(action);
}

// Whether no other instruction of the entry mentions the module.
bool is_only_mention(const ParsedEntry& entry, const ParsedInstruction& instruction, Atom module) {
  return std::all_of(entry.instructions.begin(), entry.instructions.end(),
                     [&](const ParsedInstruction& other) {
                       return &other == &instruction || !beam::mentions(other.term, module);
                     });
}

std::optional<Fix> fix_of(const UpgradeView& view, const ParsedEntry& entry,
                          const ParsedInstruction& instruction, Atom module) {
  if (view.any(&EntryIndex::is_depended_on, entry.direction, module)) return std::nullopt;
  if (!is_only_mention(entry, instruction, module)) return std::nullopt;
  const auto edit = removal_of(instruction.term, entry.list, view.appup.source);
  if (!edit) return std::nullopt;
  return Fix{"take the instruction out", {*edit}};
}

void check_instruction(const UpgradeView& view, const ParsedEntry& entry,
                       const ParsedInstruction& instruction, Findings& findings) {
  const Atom* module = instruction.action ? module_of(*instruction.action) : nullptr;
  if (module == nullptr || view.releases.owner(Side::from, *module) == nullptr) return;
  const facts::ModuleFacts* facts = view.releases.facts(Side::to, *module);
  if (facts == nullptr || !only_loads(*instruction.action, *facts)) return;
  const diff::ModuleChange* change = view.releases.change_of_module(*module);
  const bool is_rebuilt = change != nullptr && change->status == diff::ModuleStatus::rebuilt;
  if (change != nullptr && !is_rebuilt) return;
  const std::string name = print_atom(module->name());
  const bool serves_others = regex_of(entry.version).has_value();
  Diagnostic& finding = findings.add(
      view.appup.source, instruction.term.span(),
      is_rebuilt ? name + " was compiled anew into the same code" : name + " did not change");
  if (is_rebuilt || serves_others) finding.severity = Severity::note;
  if (serves_others) {
    finding.notes.push_back(print(entry.version) +
                            " serves other versions, too, and one of them may need it");
    return;
  }
  finding.fix = fix_of(view, entry, instruction, *module);
}

void check(const UpgradeView& view, Findings& findings) {
  for_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    if (!entry.restarts()) check_instruction(view, entry, instruction, findings);
  });
}

}  // namespace

extern const Rule needless_module{
    .code = "RU202",
    .name = "needless-module",
    .severity = Severity::warning,
    .summary = "an instruction for a module that did not change",
    .page =
        {.what =
             "An instruction that loads a module whose code is the same in both releases. For "
             "one that was only compiled anew (other line numbers, another path) this is a "
             "note, and so it is in an entry for a regular expression: that serves other versions, "
             "too, in which the module may be another one. Not looked at: updates of supervisors, "
             "and updates with a code_change "
             "that does something.",
         .why = "Loading the same code again still makes the code that runs old. Processes that "
                "stay in it are killed when it is purged, at once or by the next upgrade, and the "
                "ones that are suspended wait for nothing.",
         .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .allow = "Where processes are to be suspended together with others that do change."},
    .check_upgrade = check,
};

}  // namespace relup::lint
