// SPDX-License-Identifier: Apache-2.0
#include "lint/supervisor_care.hpp"

#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

using Kind = plan::SupervisorFinding::Kind;

std::vector<appup::Action> actions_of(const ParsedEntry& entry) {
  std::vector<appup::Action> actions;
  for (const ParsedInstruction& instruction : entry.instructions)
    if (instruction.action) actions.push_back(*instruction.action);
  return actions;
}

bool is_about_supervision(const diff::ModuleChange& module) {
  return module.changes_code && (module.children_change || !module.init_effects.empty());
}

// The instruction that the finding is about; null where there is none. A soft update is told of in
// any case.
const ParsedInstruction* place_of(const ParsedEntry& entry, const diff::ModuleChange& module,
                                  Kind kind) {
  if (!is_about_supervision(module)) return nullptr;
  const ParsedInstruction* instruction = instruction_for(entry, module.name);
  if (instruction == nullptr || kind != Kind::only_loaded) return instruction;
  return std::holds_alternative<appup::Update>(*instruction->action) ? nullptr : instruction;
}

class EntryCheck {
 public:
  EntryCheck(const UpgradeView& view, const ParsedEntry& entry, Kind kind, Findings& findings,
             const AddMore& add_more)
      : view_(view),
        entry_(entry),
        actions_(actions_of(entry)),
        kind_(kind),
        findings_(findings),
        add_more_(add_more) {}

  void run() {
    for (const diff::ModuleChange& module : view_.change.modules) {
      if (const ParsedInstruction* place = place_of(entry_, module, kind_)) check(module, *place);
    }
  }

 private:
  void check(const diff::ModuleChange& module, const ParsedInstruction& place) {
    const plan::SupervisorCare care = plan::care_of(module, actions_, entry_.direction);
    for (const plan::SupervisorFinding& each : plan::supervisor_findings(module, care)) {
      if (each.kind != kind_) continue;
      Diagnostic& finding = findings_.add(view_.appup.source, place.term.span(), each.message);
      finding.severity = each.severity;
      finding.notes = each.notes;
      if (add_more_) add_more_(finding, place);
    }
  }

  const UpgradeView& view_;
  const ParsedEntry& entry_;
  std::vector<appup::Action> actions_;
  Kind kind_;
  Findings& findings_;
  const AddMore& add_more_;
};

}  // namespace

void add_supervisor_findings(const UpgradeView& view, Kind kind, Findings& findings,
                             const AddMore& add_more) {
  for (const ParsedEntry* entry : {view.up, view.down}) {
    if (entry != nullptr && !entry->restarts())
      EntryCheck(view, *entry, kind, findings, add_more).run();
  }
}

}  // namespace relup::lint
