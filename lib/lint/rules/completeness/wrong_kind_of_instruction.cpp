// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Whether add_module and load_module are written alike here: both take DepMods as the third
// element, but only load_module takes more. systools turns the one into the other.
bool has_common_form(const ParsedInstruction& instruction) {
  const Term::Elements& parts = *instruction.term.as_tuple();
  return parts.size() == 2 || (parts.size() == 3 && parts[2].is_list());
}

std::optional<Fix> rename(const ParsedInstruction& instruction, const std::string& tag) {
  if (!has_common_form(instruction)) return std::nullopt;
  return Fix{"write " + tag, {{instruction.term.as_tuple()->front().span(), tag}}};
}

class InstructionCheck {
 public:
  InstructionCheck(const UpgradeView& view, const ParsedEntry& entry,
                   const ParsedInstruction& instruction, Findings& findings)
      : view_(view),
        instruction_(instruction),
        findings_(findings),
        module_(*module_of(*instruction.action)),
        target_(arriving(entry.direction)),
        was_(view.releases.owner(departing(entry.direction), module_) != nullptr),
        is_(view.releases.owner(target_, module_) != nullptr) {}

  void run() {
    const appup::Action& action = *instruction_.action;
    if (!is_) return;
    if (std::holds_alternative<appup::DeleteModule>(action)) check_delete();
    if (std::holds_alternative<appup::AddModule>(action)) check_add();
    const bool loads = std::holds_alternative<appup::LoadModule>(action);
    if (loads || std::holds_alternative<appup::Update>(action)) check_load(loads);
  }

 private:
  Diagnostic& add(const std::string& message) {
    return findings_.add(view_.appup.source, instruction_.term.span(),
                         print_atom(module_.name()) + message);
  }

  void check_delete() {
    Diagnostic& finding = add(" is deleted, but " + view_.releases.describe(target_) + " has it");
    finding.severity = Severity::error;
    finding.notes.emplace_back(
        "the node would go on without it, up to its next start: a call of it is undefined");
  }

  void check_add() {
    const diff::ModuleChange* change = view_.releases.change_of_module(module_);
    if (!was_ || change == nullptr || !change->changes_code) return;
    Diagnostic& finding = add(" is no new module: both releases have it");
    finding.notes.emplace_back(
        "add_module loads it as load_module does; a process with a state wants update");
    finding.fix = rename(instruction_, "load_module");
  }

  // Not where it says how to purge: add_module cannot say so, and purges brutally.
  void check_load(bool by_load_module) {
    if (was_ || says_how_to_purge()) return;
    Diagnostic& finding = add(" is new in " + view_.releases.describe(target_));
    finding.severity = Severity::note;
    finding.notes.emplace_back("add_module says so, and does the same");
    if (by_load_module) finding.fix = rename(instruction_, "add_module");
  }

  bool says_how_to_purge() const {
    const Term::Elements& parts = *instruction_.term.as_tuple();
    return std::any_of(parts.begin(), parts.end(), [](const Term& part) {
      return part.is_atom("soft_purge") || part.is_atom("brutal_purge");
    });
  }

  const UpgradeView& view_;
  const ParsedInstruction& instruction_;
  Findings& findings_;
  Atom module_;
  Side target_;
  bool was_;  // in the release where the script starts
  bool is_;
};

void check(const UpgradeView& view, Findings& findings) {
  for_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    if (!instruction.action || module_of(*instruction.action) == nullptr) return;
    InstructionCheck(view, entry, instruction, findings).run();
  });
}

}  // namespace

extern const Rule wrong_kind_of_instruction{
    .code = "RU208",
    .name = "wrong-kind-of-instruction",
    .severity = Severity::warning,
    .summary = "a module that stays is deleted or added, or a new one is said to be changed",
    .page = {.what = "delete_module of a module that the release which the script leads to has (an "
                     "error), add_module of one that was there before (a warning), load_module or "
                     "update of one that was not, in a form that does not say how to purge (a "
                     "note).",
             .why =
                 "systools looks a deleted module up nowhere, so the relup is written and the "
                 "upgrade succeeds. Then the module is gone: in embedded mode, which releases use, "
                 "the next call of it is undefined. The other two do what was meant, but say that "
                 "the appup was written for other releases.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}, {delete_module, shop_price}]}],
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}]}.
)",
             .allow = "Where a later instruction loads the module again."},
    .check_upgrade = check,
};

}  // namespace relup::lint
