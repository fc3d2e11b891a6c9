// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

#include <algorithm>

#include "diff/live_data_in_words.hpp"
#include "plan/state_takeover.hpp"

namespace relup::lint {
namespace {

using diff::LiveDataChange;
using diff::ModuleChange;

bool has_apply(const ParsedEntry& entry) {
  return std::any_of(entry.instructions.begin(), entry.instructions.end(), [](const auto& each) {
    return each.action && std::holds_alternative<appup::Apply>(*each.action);
  });
}

bool matters(const LiveDataChange& change, appup::Direction direction) {
  if (change.way == LiveDataChange::Way::both) return true;
  return (change.way == LiveDataChange::Way::up) == (direction == appup::Direction::up);
}

bool is_soft_removal(const appup::Action& action) {
  const auto* remove = std::get_if<appup::Remove>(&action);
  return remove != nullptr && remove->pre_purge == appup::Purge::soft &&
         remove->post_purge == appup::Purge::soft;
}

bool is_seen_to(const LiveDataChange& change, const ModuleChange& module,
                const ParsedEntry& entry) {
  // Nothing that an entry calls keeps an on_load function from running.
  if (change.kind == LiveDataChange::Kind::on_load) return false;
  if (has_apply(entry)) return true;
  if (change.care == LiveDataChange::Care::none || !runs_code_change(entry, module.name))
    return false;
  const auto takeover = plan::state_takeover(*module.new_facts, entry.direction);
  return takeover == plan::StateTakeover::works;
}

void check_entry(const UpgradeView& view, const ParsedEntry& entry,
                 const std::set<LiveDataChange::Kind>& kinds, Findings& findings) {
  for (const ModuleChange& module : view.change.modules) {
    const ParsedInstruction* instruction = instruction_for(entry, module.name);
    // What kills its processes is told by brutal-delete.
    const bool kills = instruction != nullptr && appup::takes_away(*instruction->action) &&
                       !is_soft_removal(*instruction->action);
    if (instruction == nullptr || kills) continue;
    for (const LiveDataChange& change : module.live_data) {
      const bool is_one = kinds.contains(change.kind) && matters(change, entry.direction);
      if (!is_one || is_seen_to(change, module, entry)) continue;
      Diagnostic& finding =
          findings.add(view.appup.source, instruction->term.span(), diff::describe(module, change));
      finding.severity = diff::severity_of(change);
      if (change.care == LiveDataChange::Care::by_code_change)
        finding.notes.emplace_back(runs_code_change(entry, module.name)
                                       ? "its code_change does nothing on this way"
                                       : "its code_change may see to it, but this instruction "
                                         "does not call it");
      for (std::string& advice : diff::advice_for(module, change))
        finding.notes.push_back(std::move(advice));
    }
  }
}

}  // namespace

const ParsedInstruction* instruction_for(const ParsedEntry& entry, Atom module) {
  const auto found =
      std::find_if(entry.instructions.begin(), entry.instructions.end(), [&](const auto& each) {
        const Atom* named = each.action ? module_of(*each.action) : nullptr;
        return named != nullptr && *named == module;
      });
  return found == entry.instructions.end() ? nullptr : &*found;
}

bool runs_code_change(const ParsedEntry& entry, Atom module) {
  return std::any_of(entry.instructions.begin(), entry.instructions.end(),
                     [&](const ParsedInstruction& each) {
                       if (!each.action) return false;
                       if (const auto* update = std::get_if<appup::Update>(&*each.action))
                         return update->module == module && update->extra.has_value();
                       const auto* change = std::get_if<appup::CodeChange>(&*each.action);
                       return change != nullptr &&
                              std::any_of(change->modules.begin(), change->modules.end(),
                                          [&](const auto& named) { return named.first == module; });
                     });
}

void add_live_data_findings(const UpgradeView& view, const std::set<LiveDataChange::Kind>& kinds,
                            Findings& findings) {
  for (const ParsedEntry* entry : {view.up, view.down}) {
    if (entry == nullptr || entry->restarts()) continue;
    check_entry(view, *entry, kinds, findings);
  }
}

}  // namespace relup::lint
