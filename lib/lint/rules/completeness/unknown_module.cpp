// SPDX-License-Identifier: Apache-2.0
#include "base/nearest_name.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// The place of the name; all of the instruction where the name is in an inner term.
Span place_of(const ParsedInstruction& instruction, Atom module) {
  for (const Term& part : *instruction.term.as_tuple()) {
    if (part.is_atom(module.name())) return part.span();
  }
  return instruction.term.span();
}

void suggest(const UpgradeView& view, Side side, Atom module, Diagnostic& finding) {
  std::vector<std::string> names;
  const release::TreeApplication* application = view.releases.tree(side).find(view.change.name);
  for (const Atom known : application->beam_modules)
    names.push_back(known.name());
  const std::string nearest = nearest_name(module.name(), names);
  if (!nearest.empty()) finding.notes.push_back("did you mean " + print_atom(nearest) + "?");
}

void check_instruction(const UpgradeView& view, const ParsedEntry& entry,
                       const ParsedInstruction& instruction, Findings& findings) {
  const Atom* module = instruction.action ? module_of(*instruction.action) : nullptr;
  if (module == nullptr) return;
  const Side target = arriving(entry.direction);
  const Side origin = departing(entry.direction);
  if (view.releases.owner(target, *module) != nullptr) return;
  const bool is_in_origin = view.releases.owner(origin, *module) != nullptr;
  const bool is_removal = appup::takes_away(*instruction.action);
  if (is_in_origin && is_removal) return;
  const std::string name = print_atom(module->name());
  Diagnostic& finding =
      findings.add(view.appup.source, place_of(instruction, *module),
                   is_in_origin ? view.releases.describe(target) + " does not have " + name
                                : "neither release has the module " + name);
  if (is_removal) finding.severity = Severity::warning;
  if (is_in_origin) {
    finding.notes.push_back("{delete_module, " + name + "} takes it away");
  } else {
    suggest(view, is_removal ? origin : target, *module, finding);
  }
}

void check(const UpgradeView& view, Findings& findings) {
  for_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    check_instruction(view, entry, instruction, findings);
  });
}

}  // namespace

extern const Rule unknown_module{
    .code = "RU203",
    .name = "unknown-module",
    .severity = Severity::error,
    .summary = "an instruction for a module that the release does not have",
    .page = {.what =
                 "An instruction that loads a module which the release that the script leads to "
                 "does not have, or that takes one away which neither release has (a warning).",
             .why =
                 "systools finds no application with that module and writes no relup "
                 "(`no_such_module`). It looks nothing up for delete_module: a wrong name there is "
                 "taken without a word, and the module that was meant stays loaded.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}, {load_module, shop_prize}]}],
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}]}.
)",
             .allow = "Never for one that is loaded: nothing can be compiled from it."},
    .compiler_rules = {"no-such-module"},
    .check_upgrade = check,
};

}  // namespace relup::lint
