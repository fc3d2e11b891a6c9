// SPDX-License-Identifier: Apache-2.0
#include "lint/process_instructions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Whether the module has DepMods or is one: then it is suspended for the sake of the others.
bool is_tied(const UpgradeView& view, const ProcessInstruction& process) {
  const auto* own = dep_mods_of(*process.instruction->action);
  if (own != nullptr && !own->empty()) return true;
  return view.any(&EntryIndex::is_depended_on, process.entry->direction, process.module);
}

// A gen_statem asks for its callback mode again when its code is changed.
bool has_only_its_state(const facts::ModuleFacts& facts) {
  return facts::state_position(facts) == 1;
}

void check(const UpgradeView& view, Findings& findings) {
  for (const ProcessInstruction& process : process_instructions(view)) {
    const auto* update = std::get_if<appup::Update>(&*process.instruction->action);
    if (update == nullptr || !update->extra) continue;
    if (!process.running->keeps_state || !has_only_its_state(*process.running)) continue;
    if (!has_only_its_state(*process.origin) || is_tied(view, process)) continue;
    const diff::ModuleChange* module = view.releases.change_of_module(process.module);
    if (module == nullptr || !module->changes_code || module->state_change) continue;
    const std::string name = print_atom(process.module.name());
    Diagnostic& finding = findings.add(view.appup.source, process.instruction->term.span(),
                                       "processes of " + name +
                                           " are suspended for a code_change that returns the "
                                           "state as it was");
    finding.notes.push_back("{load_module, " + name + "} gives them the new code as well");
  }
}

}  // namespace

extern const Rule needless_suspension{
    .code = "RU503",
    .name = "needless-suspension",
    .severity = Severity::note,
    .summary = "processes are suspended for a code_change that does nothing",
    .page = {.what =
                 "An update with {advanced, Extra} of a gen_server or gen_event whose code_change "
                 "surely returns the state as it was, while the state has kept its shape as far "
                 "as can be seen, and no DepMods tie the module to others.",
             .why =
                 "Processes are suspended one after the other, each after all that waits in its "
                 "queue, and all stay suspended until the last has changed its code. Calls of "
                 "them wait as long; one that does not answer in time is left out without a word. "
                 "Without that they take the new code at their next callback.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where no callback may run while other modules are loaded."},
    .is_for_authors = true,
    .check_upgrade = check,
};

}  // namespace relup::lint
