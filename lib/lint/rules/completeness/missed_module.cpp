// SPDX-License-Identifier: Apache-2.0
#include "base/words.hpp"
#include "lint/rule.hpp"
#include "plan/completeness.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// What becomes of the module on that way.
std::string_view fate_of(const diff::ModuleChange& module, appup::Direction direction) {
  const bool up = direction == appup::Direction::up;
  switch (module.status) {
    case diff::ModuleStatus::added:
      return up ? "comes" : "goes";
    case diff::ModuleStatus::removed:
      return up ? "goes" : "comes";
    default:
      return "changes";
  }
}

// Whether the module moves into an application that comes as a whole on that way, and is loaded
// with it.
bool comes_with_application(const UpgradeView& view, appup::Direction direction, Atom module) {
  const auto* owner = view.releases.owner(arriving(direction), module);
  const auto* change = owner == nullptr ? nullptr : view.releases.change(owner->name);
  const bool up = direction == appup::Direction::up;
  const auto comes = up ? diff::ApplicationStatus::added : diff::ApplicationStatus::removed;
  return change != nullptr && change->status == comes;
}

void check_entry(const UpgradeView& view, const ParsedEntry* entry, Findings& findings) {
  if (entry == nullptr || entry->restarts()) return;
  // The appup of another application may name it.
  const auto is_named = [&](Atom module) {
    return view.any(&EntryIndex::names, entry->direction, module);
  };
  std::vector<std::string> missed;
  std::vector<std::string> differing_in_attributes;
  for (const diff::ModuleChange* module :
       plan::missed_modules(view.change, is_named, view.releases.policy())) {
    if (comes_with_application(view, entry->direction, module->name)) continue;
    if (plan::differs_in_attributes_only(*module)) {
      differing_in_attributes.push_back(print_atom(module->name.name()));
      continue;
    }
    missed.push_back(print_atom(module->name.name()) + " (" +
                     std::string(fate_of(*module, entry->direction)) + ")");
  }
  if (!missed.empty()) {
    findings.add(view.appup.source, entry->list.span(),
                 describe(*entry) + " has no instruction for " + joined(missed));
  }
  if (differing_in_attributes.empty()) return;
  Diagnostic& finding =
      findings.add(view.appup.source, entry->list.span(),
                   describe(*entry) + " has no instruction for " + joined(differing_in_attributes) +
                       ", of which only the attributes differ");
  finding.severity = Severity::note;
  finding.notes.emplace_back("it is needed where a program reads them: Module:module_info/1");
}

void check(const UpgradeView& view, Findings& findings) {
  check_entry(view, view.up, findings);
  check_entry(view, view.down, findings);
}

}  // namespace

extern const Rule missed_module{
    .code = "RU201",
    .name = "missed-module",
    .severity = Severity::error,
    .summary = "a module that changed, came or went has no instruction",
    .page =
        {.what = "A module that differs between the two releases and that the entry for that way "
                 "does not name. Where nothing but its attributes differs, this is a note.",
         .why =
             "The node goes on with the old code of a changed module, calls a new one that is "
             "not loaded, or keeps one that is gone; nothing says so. The files on disk are new, "
             "so the next restart changes what runs.",
         .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}]}.
)",
         .allow = "Where the module is not used by the running system: `leave_alone` in relup.yaml "
                  "says so for all appups."},
    .check_upgrade = check,
};

}  // namespace relup::lint
